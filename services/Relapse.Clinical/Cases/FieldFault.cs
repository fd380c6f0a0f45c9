namespace Relapse.Clinical;

/// <summary>One fault of a request.</summary>
/// <param name="Field">Path from the request root, proto names: <c>case.mrd[0].sensitivity</c>.</param>
/// <param name="Description">What is wrong, in words; never a value of the case.</param>
public sealed record FieldFault(string Field, string Description);
