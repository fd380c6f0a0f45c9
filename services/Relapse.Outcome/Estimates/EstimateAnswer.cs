using System.Collections.Immutable;
using Relapse.Clinical;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Outcome.V1;

namespace Relapse.Outcomes;

/// <summary>Puts together what the library says to one question: rows side by side, or that there is none, and what limits them.</summary>
internal sealed class EstimateAnswer(EvidenceLibrary library, Question question, ImmutableArray<string> endpoints, int rowsPerGroup)
{
    private const int NearestRows = 5;

    private readonly PopulationMatcher _matcher = new(question, library.Words);

    /// <summary>Fills in everything but decisions and receipts.</summary>
    public void Fill(EstimateOutcomeResponse response)
    {
        AddContradictions(response);
        if (question.Standings.OutOfScope.Standing is Standing.Within)
        {
            response.Status = AnswerStatus.OutOfScope;
            response.Detail = "The library is of relapses of acute lymphoblastic leukaemia after a first remission; a stated fact puts this case outside it.";
            return;
        }
        var matched = library.Used.Where(row => endpoints.IsEmpty || endpoints.Contains(row.Figure.Endpoint)).Select(row => (Row: row, Match: _matcher.Match(row.Population))).ToArray();
        var applying = matched.Where(entry => entry.Match.Applies).Order(RowOrder.Instance).ToArray();
        response.Status = StatusOf(applying);
        response.Detail = DetailOf(response.Status);
        response.Groups.AddRange(applying
            .GroupBy(entry => (entry.Row.Figure.Endpoint, entry.Row.Figure.Clock))
            .Select(group => RowGroups.Of(group.Key.Endpoint, group.Key.Clock, [.. group], library, rowsPerGroup)));
        if (applying.Length == 0)
        {
            response.Nearest.AddRange(matched.OrderBy(entry => entry.Match.Count(FitLevel.Differs)).ThenBy(entry => entry, RowOrder.Instance).Take(NearestRows).Select(entry => RowGroups.Show(entry.Row, entry.Match, library)));
        }
        AddContext(response);
        AddWhatLimits(response, applying);
    }

    private static AnswerStatus StatusOf((EvidenceRow Row, RowMatch Match)[] applying) => applying.Select(entry => entry.Match.Level).DefaultIfEmpty(MatchLevel.NotApplicable).Min() switch
    {
        MatchLevel.Exact => AnswerStatus.Exact,
        MatchLevel.Broader => AnswerStatus.Broader,
        MatchLevel.Conditional => AnswerStatus.Conditional,
        MatchLevel.Open => AnswerStatus.Open,
        _ => AnswerStatus.None,
    };

    private static string DetailOf(AnswerStatus status) => status switch
    {
        AnswerStatus.Exact => "At least one published figure is about exactly this combination.",
        AnswerStatus.Broader => "No published estimate for this combination. The nearest figures are of broader populations that this child is part of; each says in what it is broader.",
        AnswerStatus.Conditional => "No published estimate for this combination as it is stated. The nearest figures apply provided that what each of them says holds.",
        AnswerStatus.Open => "No published estimate for this combination as far as it is known. The nearest figures hang on facts that are not known; each names them.",
        _ => "No published estimate for this combination, and none that this child's could be part of. The nearest figures are of other children; each says in what they differ.",
    };

    private void AddContradictions(EstimateOutcomeResponse response)
    {
        foreach (var contradiction in question.Standings.Contradictions)
        {
            response.Warnings.Add(new Warning
            {
                Code = "CONTRADICTORY_FACTS",
                Detail = $"{string.Join(", ", contradiction.Fields)}: {contradiction.Detail}; nothing is concluded from them",
            });
        }
    }

    private void AddContext(EstimateOutcomeResponse response)
    {
        foreach (var statement in library.Statements)
        {
            var match = _matcher.Match(statement.Population);
            if (!match.Applies)
            {
                continue;
            }
            // A statement about more children than this one speaks of this one too.
            var open = match.Dimensions.Where(dimension => dimension.Fit is FitLevel.Conditional or FitLevel.Unknown);
            var row = new ContextRow { Statement = statement.Statement, Match = match.Level is MatchLevel.Broader ? MatchLevel.Exact : match.Level, Dimensions = { open } };
            row.Citations.Add(statement.Citations);
            response.Context.Add(row);
        }
    }

    private void AddWhatLimits(EstimateOutcomeResponse response, (EvidenceRow Row, RowMatch Match)[] applying)
    {
        var ids = applying.Select(entry => entry.Row.Id).ToHashSet(StringComparer.Ordinal);
        response.Conflicts.AddRange(library.Words.Conflicts.Where(conflict => conflict.Rows.Count(ids.Contains) > 1));
        bool Has(Modality modality) => applying.Any(entry => entry.Row.Population.When.Treatment.Contains(modality));
        if (Has(Modality.Transplant) || Has(Modality.Chemotherapy))
        {
            response.Warnings.Add(new Warning { Code = "SELECTION_BIAS", Detail = library.Words.SelectionBias });
        }
        if (question.State is RemissionState.SecondRemission or RemissionState.ThirdRemission && applying.Any(entry => entry.Row.Population.When.Remission.Count == 0))
        {
            response.Warnings.Add(new Warning { Code = "LANDMARK", Detail = library.Words.Landmark });
        }
    }
}
