using System.Xml.Linq;

namespace Relapse.Clinical.Dmn;

/// <summary>Names in a DMN file: the namespaces of DMN 1.3, our own for what DMN has no place for, and names that FEEL can read.</summary>
internal static class DmnNames
{
    public static readonly XNamespace Model = "https://www.omg.org/spec/DMN/20191111/MODEL/";
    public static readonly XNamespace Diagram = "https://www.omg.org/spec/DMN/20191111/DMNDI/";
    public static readonly XNamespace Bounds = "http://www.omg.org/spec/DMN/20180521/DC/";
    public static readonly XNamespace Lines = "http://www.omg.org/spec/DMN/20180521/DI/";
    public static readonly XNamespace Own = "https://relapse.invalid/dmn/1";

    /// <summary>Columns beside the rules.</summary>
    public const string RuleColumn = "rule";
    public const string BecauseColumn = "because";
    public const string SourceColumn = "source";
    public const string NoteColumn = "note";
    public const string SettledByColumn = "settled_by";
    public const string IfConfirmedColumn = "if_confirmed";
    public const string ConditionColumn = "condition";

    /// <summary>Ids of the clauses that are no input of the table: of a scope, and of what a rule leaves open.</summary>
    public const string ScopeClause = "scope.";
    public const string OpenClause = "open.";

    /// <summary>A name without what FEEL reads as a path or a minus.</summary>
    public static string Feel(string id) => id.Replace('.', '_').Replace('-', '_');

    /// <summary>The input that says what a new finding would show, where a rule leaves it open.</summary>
    public static string Finding(string decision) => "finding_for_" + Feel(decision);
}
