namespace Relapse.Clinical;

/// <summary>The kinds of fault that a document can have, as authors and tools see them.</summary>
public static class FaultCode
{
    /// <summary>The file cannot be read at all: not YAML, not UTF-8, too large, nested too deeply.</summary>
    public const string Unreadable = "UNREADABLE";

    /// <summary>A key that the schema does not have.</summary>
    public const string UnknownKey = "UNKNOWN_KEY";

    /// <summary>A key that is given twice.</summary>
    public const string DuplicateKey = "DUPLICATE_KEY";

    /// <summary>A value of another kind than the schema has there.</summary>
    public const string WrongKind = "WRONG_KIND";

    /// <summary>An anchor, an alias or a tag.</summary>
    public const string NotPlain = "NOT_PLAIN";

    /// <summary>Something required is missing, or a word is not one of those that may stand there.</summary>
    public const string Invalid = "INVALID";

    /// <summary>A citation is missing or does not resolve.</summary>
    public const string Citation = "CITATION";

    /// <summary>Something is declared and never used.</summary>
    public const string Unused = "UNUSED";

    /// <summary>The tables cannot be analysed: decisions that feed each other in a circle, or the like.</summary>
    public const string Structure = "STRUCTURE";

    /// <summary>The tables, or the golden cases, are more than can be gone through: far more than anybody wrote.</summary>
    public const string TooLarge = "TOO_LARGE";

    /// <summary>A combination of facts to which no rule applies.</summary>
    public const string Gap = "GAP";

    /// <summary>A combination of facts to which several rules apply.</summary>
    public const string Overlap = "OVERLAP";

    /// <summary>A rule that can never apply.</summary>
    public const string DeadRule = "DEAD_RULE";

    /// <summary>A golden case that is no case, or comes out otherwise than it says.</summary>
    public const string GoldenCase = "GOLDEN_CASE";

    /// <summary>There are more faults than are listed.</summary>
    public const string TooMany = "TOO_MANY_FAULTS";
}
