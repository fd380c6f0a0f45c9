using System.Collections.Frozen;
using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Clinical.Measurements;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>Facts of the catalogue as they are spoken of; one that is not listed by its id.</summary>
internal static class FactWords
{
    /// <summary>Of one protocol alone; beside another it is said whose.</summary>
    public const string OwnTimePoint = "the protocol's own time point";

    private const string MarkerPrefix = "marker_";
    private const string AtDiagnosis = "_at_diagnosis";

    private static readonly FrozenDictionary<string, string> _facts = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [FactId.MarrowBlasts] = "blasts in the marrow, in percent",
        [FactId.BloodBlasts] = "blasts in the blood",
        [FactId.CsfWbc] = "cells in the cerebrospinal fluid, per microlitre",
        [FactId.CsfBlasts] = "blasts in the cerebrospinal fluid",
        [FactId.CsfErythrocytes] = "erythrocytes in the cerebrospinal fluid, per microlitre",
        [FactId.CsfConsecutive] = "consecutive positive samples of cerebrospinal fluid",
        [FactId.CnsSigns] = "clinical signs of the central nervous system",
        [FactId.CnsMass] = "a mass in imaging of the central nervous system",
        [FactId.AgeAtRelapse] = "age at relapse, in years",
        [FactId.RelapseNumber] = "the number of the relapse",
        [FactId.DownSyndrome] = "Down syndrome",
        [FactId.PriorTransplant] = "an earlier transplant",
        [FactId.MrdLevelOf("decision")] = $"residual disease at {OwnTimePoint}, as a fraction of cells",
        [FactId.MrdMethodOf("decision")] = $"the method of the result at {OwnTimePoint}",
        [FactId.MrdLevelOf("pre_transplant")] = "residual disease before transplant, as a fraction of cells",
        [FactId.MrdMethodOf("pre_transplant")] = "the method of the result before transplant",
        [FactId.MrdLevelOf("post_transplant")] = "residual disease after transplant, as a fraction of cells",
        [FactId.MrdMethodOf("post_transplant")] = "the method of the result after transplant",
        [FactId.MrdLevelOf("at_relapse")] = "residual disease at relapse, as a fraction of cells",
        [FactId.MrdMethodOf("at_relapse")] = "the method of the result at relapse",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> _words = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["B_CELL_PRECURSOR"] = "B-cell precursor",
        ["T_CELL"] = "T-cell",
        ["MATURE_B"] = "mature B-cell",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whose method a result is by.</summary>
    private static readonly FrozenDictionary<string, string> _methods = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [FactCatalogue.OwnMethod] = "the protocol's own",
        ["OTHER"] = "another",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>For each clock what it counts from.</summary>
    public static ImmutableArray<(string Fact, string Start)> Starts { get; } =
    [
        (FactId.MonthsFromDiagnosis, "first diagnosis"),
        (FactId.MonthsFromTherapyEnd, "the end of frontline therapy"),
    ];

    /// <summary>A fact, with its unit after a comma.</summary>
    public static string Of(string fact) => Measured(fact) ?? Marker(fact) ?? ProtocolWords.Spoken(MeasuredInputs.Plain(fact));

    /// <summary>Two protocols' own time points are two: each is called by what it is.</summary>
    private static string? Measured(string fact) => _facts.GetValueOrDefault(MeasuredInputs.Plain(fact)) is not { } words ? null
        : MeasuredInputs.TimePoints(fact) is { IsEmpty: false } points ? words.Replace(OwnTimePoint, MeasurementWords.Or([.. points.Select(MeasurementWords.Of)]), StringComparison.Ordinal)
        : words;

    /// <summary>A fact as it is spoken of without its unit, for where no value follows.</summary>
    public static string WithoutUnit(string spoken) => spoken.Split(", ")[0];

    /// <summary>Whether a condition holds of everyone, so that nothing is said by it.</summary>
    public static bool IsOfEveryone(RegionCondition condition) => FactCatalogue.Find(MeasuredInputs.Plain(condition.Name)) is { } fact
        && fact.Words.All(condition.Labels.Contains)
        && (fact.Range is not { } range || condition.Intervals.Contains(range));

    /// <summary>An interval of a fact; an end that is only the end of its scale is none.</summary>
    public static string OfInterval(string fact, Interval interval) => IntervalWords.Say(
        FactCatalogue.Find(MeasuredInputs.Plain(fact))?.Range is { Max: { } most } range && !range.MaxExclusive && interval is { Max: { } max, MaxExclusive: false, IsPoint: false } && max == most
            ? new Interval(interval.Min, interval.MinExclusive, null, false)
            : interval);

    /// <summary>Whether a word is a kind of leukaemia, which can stand before the word relapse.</summary>
    public static bool IsKind(string word) => _words.ContainsKey(word);

    /// <summary>Whether a fact, as it is spoken of, is of several: its noun comes before what says of what.</summary>
    public static bool IsPlural(string spoken)
    {
        var noun = spoken.Split(" of ")[0].Split(" in ")[0].Split(" at ")[0];
        return noun.EndsWith('s') && !noun.EndsWith("ss", StringComparison.Ordinal) && !spoken.StartsWith("what ", StringComparison.Ordinal);
    }

    /// <summary>A word of a fact.</summary>
    public static string OfWord(string fact, string word) =>
        (IsMethod(fact) ? _methods.GetValueOrDefault(word) : null) ?? _words.GetValueOrDefault(word) ?? ProtocolWords.Spoken(word);

    private static bool IsMethod(string fact) => FactCatalogue.Find(MeasuredInputs.Plain(fact)) is { Measurement.Length: > 0, IsNumber: false };

    /// <summary>A genetic marker by its name, as it is printed.</summary>
    private static string? Marker(string fact) => fact.StartsWith(MarkerPrefix, StringComparison.Ordinal)
        ? fact[MarkerPrefix.Length..].Replace(AtDiagnosis, "", StringComparison.Ordinal).Replace('_', '-').ToUpperInvariant() + (fact.EndsWith(AtDiagnosis, StringComparison.Ordinal) ? " at first diagnosis" : "")
        : null;
}
