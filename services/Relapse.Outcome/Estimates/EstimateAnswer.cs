using System.Collections.Immutable;
using Relapse.Clinical;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Outcome.V1;

namespace Relapse.Outcomes;

/// <summary>Puts together what the library says to one question: rows side by side, or that there is none, and what limits them.</summary>
internal sealed class EstimateAnswer(EvidenceLibrary library, Question question, ImmutableArray<string> endpoints, int rowsPerGroup)
{
    private const int NearestRows = 5;

    private readonly PopulationMatcher _matcher = new(question, library);
    private readonly bool _isOnlyDescribed = !endpoints.IsEmpty && endpoints.All(endpoint => library.Words.Endpoints[endpoint].Kind is not EndpointKind.Outcome);

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
        var matched = library.Used.Where(row => endpoints.IsEmpty || endpoints.Contains(row.Figure.Endpoint)).Select(row => (Row: row, Match: _matcher.Match(row))).ToArray();
        var applying = matched.Where(entry => entry.Match.Applies).Order(RowOrder.Instance).ToArray();
        response.Conflicts.AddRange(AnswerConflicts.Among(applying.Select(entry => entry.Row.Id), library.Words));
        AddGroups(response, applying);
        SetStatus(response, applying);
        if (!applying.Any(IsAnswer))
        {
            response.Nearest.AddRange(matched.Where(entry => IsAnswer(entry) && !entry.Match.Applies).OrderBy(entry => entry.Match.Count(FitLevel.Differs)).ThenBy(entry => entry, RowOrder.Instance).Take(NearestRows).Select(entry => RowGroups.Show(entry.Row, entry.Match, library)));
        }
        AddContext(response);
        AddWhatLimits(response);
    }

    /// <summary>Whether a row can make an answer: one of an outcome, or where nothing else was asked for any.</summary>
    private bool IsAnswer((EvidenceRow Row, RowMatch Match) entry) => _isOnlyDescribed || IsOutcome(entry.Row.Figure.Endpoint);

    private bool IsOutcome(string endpoint) => library.Words.Endpoints[endpoint].Kind is EndpointKind.Outcome;

    private void AddGroups(EstimateOutcomeResponse response, (EvidenceRow Row, RowMatch Match)[] applying)
    {
        // Side by side means that both sides are there.
        var disagreeing = response.Conflicts.SelectMany(conflict => conflict.Rows).ToHashSet(StringComparer.Ordinal);
        response.Groups.AddRange(applying
            .GroupBy(entry => (entry.Row.Figure.Endpoint, entry.Row.Figure.Clock))
            .OrderBy(group => IsOutcome(group.Key.Endpoint) ? 0 : 1)
            .Select(group => RowGroups.Of(group.Key.Endpoint, group.Key.Clock, [.. group], library, rowsPerGroup, disagreeing)));
    }

    private void SetStatus(EstimateOutcomeResponse response, (EvidenceRow Row, RowMatch Match)[] applying)
    {
        response.Status = AnswerWords.StatusOf(applying.Where(IsAnswer));
        response.Detail = AnswerWords.OfAnswer(response.Status, response.Groups, _matcher.Told);
        if (question.Standings.Contradictions.Any())
        {
            (response.Status, response.Detail) = (AnswerStatus.Inconsistent, AnswerWords.OfContradiction(response.Detail));
        }
    }

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

    /// <summary>What limits all rows that the answer shows, the nearest of other children among them.</summary>
    private void AddWhatLimits(EstimateOutcomeResponse response)
    {
        Population[] shown = [.. response.Groups.SelectMany(group => group.Families).SelectMany(family => family.Rows).Select(id => library.ById[id].Population.When), .. response.Nearest.Select(row => row.Figure.When ?? new Population())];
        if (shown.Any(when => when.Treatment.Count > 0))
        {
            response.Warnings.Add(new Warning { Code = "SELECTION_BIAS", Detail = library.Words.SelectionBias });
        }
        if (question.State is RemissionState.SecondRemission or RemissionState.ThirdRemission && shown.Any(when => when.Remission.Count == 0))
        {
            response.Warnings.Add(new Warning { Code = "LANDMARK", Detail = library.Words.Landmark });
        }
    }
}
