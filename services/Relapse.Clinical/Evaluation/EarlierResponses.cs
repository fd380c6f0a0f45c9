using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>
/// What the responses before the one assessed say of it, by the protocol's own rules: that a complete remission had been reached, that
/// there has been an event or a second malignancy. Only what is certain is carried on; what they leave open stays open.
/// </summary>
internal sealed class EarlierResponses
{
    private const string Yes = "YES";
    private const string No = "NO";
    private const string Remission = "remission";
    private const string Complete = "COMPLETE";
    private const string Event = "dfs_event";

    private readonly RelapseCase _case;

    /// <summary>Each with what it leaves possible, those that were before others first.</summary>
    private readonly List<Told> _told = [];
    private readonly ImmutableArray<DerivedFact>.Builder _derived = ImmutableArray.CreateBuilder<DerivedFact>();

    private EarlierResponses(RelapseCase @case) => _case = @case;

    /// <summary>Whether a protocol looks at what was before the response assessed.</summary>
    public static bool Bear(CompiledProtocol protocol) => protocol.Model.InputIndex(FactId.RemissionReachedBefore) >= 0;

    /// <summary>Adds what the earlier responses say to what is possible at the one assessed.</summary>
    /// <returns>What it did not say itself.</returns>
    public static ImmutableArray<DerivedFact> Tell(ProtocolFacts assessed, RelapseCase @case, ImmutableArray<ChosenReading> readings)
    {
        var earlier = new EarlierResponses(@case);
        foreach (var caseFacts in assessed.CaseFacts.Earlier)
        {
            var (index, facts) = (caseFacts.Assessed.Index!.Value, ProtocolFacts.OfEarlier(assessed.Protocol, caseFacts, @case, readings));
            // What has not happened by now had not happened then.
            foreach (var fact in new[] { FactId.Died, FactId.SecondMalignancy, FactId.RemissionReachedBefore })
            {
                if (Is(assessed, fact, No))
                {
                    Narrow(facts, fact, No);
                }
            }
            earlier.TellOf(index, facts, derived: null);
            earlier._told.Add(new Told(index, Is(facts, FactId.RemissionReachedBefore, Yes) || Concludes(facts, Remission) is Complete, Is(facts, FactId.SecondMalignancy, Yes), Concludes(facts, Event)));
        }
        earlier.TellOf(assessed.CaseFacts.Assessed.Index!.Value, assessed, earlier._derived);
        return earlier._derived.ToImmutable();
    }

    /// <summary>Adds to one response what those say that were certainly before it.</summary>
    private void TellOf(int index, ProtocolFacts facts, ImmutableArray<DerivedFact>.Builder? derived)
    {
        Told[] before = [.. _told.Where(told => AssessedResponse.IsBefore(_case, told.Index, index))];
        Carry(FactId.RemissionReachedBefore, told => told.HasRemission);
        Carry(FactId.SecondMalignancy, told => told.HasMalignancy);
        Carry(FactId.EventBefore, told => told.Event is Yes);
        if (facts.Protocol.Model.InputIndex(FactId.EventBefore) is >= 0 and var input && Is(facts, FactId.EventBefore, No) && before.Any(told => told.Event is not No))
        {
            facts.Values[input] = facts.Protocol.Model.Inputs[input].Domain.All;
            derived?.Add(new DerivedFact(FactId.EventBefore, index, null));
        }

        void Carry(string fact, Predicate<Told> isSaid)
        {
            if (facts.Protocol.Model.InputIndex(fact) < 0 || Is(facts, fact, Yes) || Array.FindIndex(before, isSaid) is not (>= 0 and var place))
            {
                return;
            }
            var from = before[place].Index;
            // A centre that says that none had been reached says more than a marrow and counts in the middle of reinduction.
            var isDenied = fact == FactId.RemissionReachedBefore && Is(facts, fact, No);
            if (!isDenied)
            {
                Narrow(facts, fact, Yes);
            }
            derived?.Add(new DerivedFact(fact, index, from) { IsDenied = isDenied });
        }
    }

    /// <summary>The one conclusion of a decision whatever is not known and however it may be read; null when there are several, or none.</summary>
    private static string? Concludes(ProtocolFacts facts, string id)
    {
        if (!facts.Protocol.Decisions.TryGetValue(id, out var decision) || facts.ContradictionsIn(decision.Diagram.SupportInputs).Any())
        {
            return null;
        }
        var possible = decision.Diagram.Possible(facts.UnderLiveReadings());
        return possible.IsSingle ? decision.Diagram.Conclusions.Values[possible.Single] : null;
    }

    private static bool Is(ProtocolFacts facts, string fact, string word) =>
        facts.Protocol.Model.InputIndex(fact) is >= 0 and var input && facts.Values[input] == facts.Protocol.Model.Inputs[input].Domain.Of(word);

    private static void Narrow(ProtocolFacts facts, string fact, string word)
    {
        if (facts.Protocol.Model.InputIndex(fact) is >= 0 and var input)
        {
            facts.Values[input] = facts.Protocol.Model.Inputs[input].Domain.Of(word);
        }
    }

    /// <summary>What one earlier response says, worked out once; its event is null when it leaves open whether there was one.</summary>
    private sealed record Told(int Index, bool HasRemission, bool HasMalignancy, string? Event);
}

/// <summary>A fact of the response assessed that earlier ones say.</summary>
/// <param name="Fact">Its id.</param>
/// <param name="Response">The place of the response assessed.</param>
/// <param name="From">The place of the response that says that it is so; null when earlier ones leave open what nobody else says.</param>
internal sealed record DerivedFact(string Fact, int Response, int? From)
{
    /// <summary>Whether the response assessed says that it is not so, and stands.</summary>
    public bool IsDenied { get; init; }
}
