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
        // Not printed comes after every number.
        return First(
            x.Match.Level.CompareTo(y.Match.Level),
            x.Match.Count(FitLevel.Differs) - y.Match.Count(FitLevel.Differs),
            x.Match.Count(FitLevel.Unknown) - y.Match.Count(FitLevel.Unknown),
            y.Match.Count(FitLevel.Exact) - x.Match.Count(FitLevel.Exact),
            x.Match.Count(FitLevel.Broader) - y.Match.Count(FitLevel.Broader)) is not 0 and var fit ? fit
            : First(a.Read.CompareTo(b.Read), Nullable.Compare(Patients(b), Patients(a)), Nullable.Compare(b.Era?.To, a.Era?.To)) is not 0 and var print ? print
            : string.CompareOrdinal(a.Id, b.Id);
    }

    private static int First(params ReadOnlySpan<int> keys)
    {
        foreach (var key in keys)
        {
            if (key != 0)
            {
                return key;
            }
        }
        return 0;
    }

    private static int? Patients(Figure figure) => figure.HasN ? figure.N : null;
}
