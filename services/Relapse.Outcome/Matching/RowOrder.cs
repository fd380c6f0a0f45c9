using Relapse.Contracts.Outcome.V1;

namespace Relapse.Outcomes;

/// <summary>
/// The order of rows side by side: how they fit, then specificity (fewer open, more named dimensions, fewer broader ones), then whether the
/// source itself was read, then the number of patients, then how recent the cohort is.
/// </summary>
internal sealed class RowOrder : IComparer<(EvidenceRow Row, RowMatch Match)>
{
    public static RowOrder Instance { get; } = new();

    public int Compare((EvidenceRow Row, RowMatch Match) x, (EvidenceRow Row, RowMatch Match) y)
    {
        var (a, b) = (x.Row.Figure, y.Row.Figure);
        ReadOnlySpan<int> keys =
        [
            x.Match.Level.CompareTo(y.Match.Level),
            x.Match.Count(FitLevel.Differs).CompareTo(y.Match.Count(FitLevel.Differs)),
            x.Match.Count(FitLevel.Unknown).CompareTo(y.Match.Count(FitLevel.Unknown)),
            y.Match.Count(FitLevel.Exact).CompareTo(x.Match.Count(FitLevel.Exact)),
            x.Match.Count(FitLevel.Broader).CompareTo(y.Match.Count(FitLevel.Broader)),
            a.Read.CompareTo(b.Read),
            // Not printed comes after every number.
            Nullable.Compare(Patients(b), Patients(a)),
            Nullable.Compare(b.Era?.To, a.Era?.To),
        ];
        foreach (var key in keys)
        {
            if (key != 0)
            {
                return key;
            }
        }
        return string.CompareOrdinal(a.Id, b.Id);
    }

    private static int? Patients(Figure figure) => figure.HasN ? figure.N : null;
}
