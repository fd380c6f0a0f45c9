using System.Collections.Frozen;
using System.Collections.Immutable;
using Relapse.Clinical.Facts;

namespace Relapse.Clinical;

/// <summary>Facts of the catalogue as they are spoken of; one that is not listed by its id.</summary>
internal static class FactWords
{
    private const string Open = "open.";

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
        [FactId.MrdLevelOf("decision")] = "residual disease at the protocol's own time point, as a fraction of cells",
        [FactId.MrdMethodOf("decision")] = "the method of the result at the protocol's own time point",
        [FactId.MrdLevelOf("pre_transplant")] = "residual disease before transplant, as a fraction of cells",
        [FactId.MrdMethodOf("pre_transplant")] = "the method of the result before transplant",
        [FactId.MrdLevelOf("at_relapse")] = "residual disease at relapse, as a fraction of cells",
        [FactId.MrdMethodOf("at_relapse")] = "the method of the result at relapse",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> _words = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["B_CELL_PRECURSOR"] = "B-cell precursor",
        ["T_CELL"] = "T-cell",
        ["MATURE_B"] = "mature B-cell",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>For each clock what it counts from.</summary>
    public static ImmutableArray<(string Fact, string Start)> Starts { get; } =
    [
        (FactId.MonthsFromDiagnosis, "first diagnosis"),
        (FactId.MonthsFromTherapyEnd, "the end of frontline therapy"),
    ];

    /// <summary>A fact, or what a rule leaves open.</summary>
    public static string Of(string fact) => _facts.GetValueOrDefault(MeasuredInputs.Plain(fact)) ?? LeftOpen(fact) ?? ProtocolWords.Spoken(fact.Split('/')[0]);

    /// <summary>What a rule leaves open, whose name is made of its decision and its own id.</summary>
    public static string? LeftOpen(string fact) => fact.StartsWith(Open, StringComparison.Ordinal) && fact.LastIndexOf('.') is var rule && rule > Open.Length
        ? $"what the rule {fact[(rule + 1)..]} of {ProtocolWords.Spoken(fact[Open.Length..rule])} leaves open"
        : null;

    /// <summary>Whether a word is a kind of leukaemia, which can stand before the word relapse.</summary>
    public static bool IsKind(string word) => _words.ContainsKey(word);

    /// <summary>Whether a fact, as it is spoken of, is of several: its noun comes before what says of what.</summary>
    public static bool IsPlural(string spoken)
    {
        var noun = spoken.Split(" of ")[0].Split(" in ")[0];
        return noun.EndsWith('s') && !noun.EndsWith("ss", StringComparison.Ordinal);
    }

    public static string OfWord(string word) => _words.GetValueOrDefault(word) ?? ProtocolWords.Spoken(word);
}
