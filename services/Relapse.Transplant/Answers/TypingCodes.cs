using Relapse.Transplant.Hla;

namespace Relapse.Transplant.Answers;

/// <summary>Writes what is to be known about how a typing was read.</summary>
internal static class TypingCodes
{
    private const int MostNamed = 3;

    /// <summary>Each kind once, with the parts of the typing concerned: <c>HIDDEN_NULL</c>, <c>C*04:01:01G: C*04:09N</c>. That there is no
    /// reference data is said of the whole call.</summary>
    public static IEnumerable<(string Code, string Parts)> Of(HlaTyping typing) => typing.Warnings
        .Where(warning => warning.Kind != TypingWarningKind.PGroupsNotLoaded)
        .GroupBy(warning => warning.Kind)
        .Select(kind => (Code(kind.Key), Parts([.. kind.Select(Part).Where(part => part.Length > 0).Distinct(StringComparer.Ordinal)])));

    private static string Code(TypingWarningKind kind) => kind switch
    {
        TypingWarningKind.NeedsRelease => "TYPING_NEEDS_REFERENCE_DATA",
        TypingWarningKind.Renamed => "ALLELE_RENAMED",
        TypingWarningKind.HiddenNull => "HIDDEN_NULL",
        TypingWarningKind.ExpressionToReview => "EXPRESSION_TO_REVIEW",
        TypingWarningKind.SecondCopyNotStated => "SECOND_COPY_NOT_STATED",
        TypingWarningKind.AmbiguityWidened => "AMBIGUITY_WIDENED",
        _ => "PHASE_NOT_USED",
    };

    private static string Part(TypingWarning warning)
    {
        var part = warning.Token.Length > 0 ? warning.Token : warning.Locus?.Name() ?? "";
        return warning.Detail.Length > 0 ? $"{part}: {warning.Detail}" : part;
    }

    private static string Parts(List<string> parts) =>
        string.Join("; ", parts.Take(MostNamed)) + (parts.Count > MostNamed ? $"; {parts.Count - MostNamed} more" : "");
}
