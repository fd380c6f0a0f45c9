using Relapse.Clinical;
using Relapse.Hosting.Errors;

namespace Relapse.Hosting.Protocols;

/// <summary>Finds the decision that a request names. What is not there is added to the faults.</summary>
public static class DecisionLookup
{
    /// <summary>Whether every one of the versions defines the decision.</summary>
    public static bool IsDefined(string decision, string field, FaultList faults, params IEnumerable<CompiledProtocol> versions)
    {
        ArgumentNullException.ThrowIfNull(versions);
        ArgumentNullException.ThrowIfNull(faults);
        if (versions.All(version => version.Document.Decisions.ContainsKey(decision)))
        {
            return true;
        }

        // What a caller wrote is not repeated, unless it is a known id.
        faults.NotFound(new MissingResource("decision", WellKnownDecisions.All.Contains(decision, StringComparer.Ordinal) ? decision : "", field));
        return false;
    }

    /// <summary>Ends the call with RESOURCE_EXHAUSTED when a file has more bytes than it may.</summary>
    public static void ThrowIfTooLarge(int bytes, int most)
    {
        if (bytes > most)
        {
            throw RpcErrors.TooLarge(most);
        }
    }
}
