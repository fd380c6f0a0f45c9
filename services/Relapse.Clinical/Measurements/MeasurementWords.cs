using Relapse.Contracts.Case.V1;

namespace Relapse.Clinical.Measurements;

/// <summary>How what the contract enumerates is called in a sentence.</summary>
internal static class MeasurementWords
{
    public static string Of(TimePoint point) => point switch
    {
        TimePoint.AtRelapse => "relapse",
        TimePoint.EndOfBlock1 => "the end of block 1",
        TimePoint.EndOfBlock2 => "the end of block 2",
        TimePoint.EndOfBlock3 => "the end of block 3",
        TimePoint.EndOfInduction => "the end of induction",
        TimePoint.Week12 => "week 12",
        TimePoint.PreTransplant => "the time before transplant",
        TimePoint.PostTransplant => "the time after transplant",
        _ => "another time point",
    };

    public static string Of(MrdMethod method) => method switch
    {
        MrdMethod.Flow => "flow cytometry",
        MrdMethod.PcrIgTr => "PCR of Ig/TCR rearrangements",
        MrdMethod.Ngs => "next-generation sequencing",
        MrdMethod.PcrFusion => "PCR of a fusion transcript",
        _ => "another method",
    };

    public static string Of(Specimen specimen) => specimen is Specimen.Blood ? "blood" : "marrow";

    public static string Of(Reinduction reinduction) => reinduction switch
    {
        Reinduction.AllRezBfm => "ALL-REZ BFM",
        Reinduction.AllR3 => "ALL R3",
        Reinduction.Aall01P2 => "AALL01P2",
        _ => "another group",
    };

    /// <summary>Several as alternatives: a, b or c.</summary>
    public static string Or(IReadOnlyList<string> words) =>
        words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.Take(words.Count - 1))} or {words[^1]}";
}
