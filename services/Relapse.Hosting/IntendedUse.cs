namespace Relapse.Hosting;

/// <summary>What Relapse is for, and what it is not: said in one place, and by every service in the same words.</summary>
public static class IntendedUse
{
    /// <summary>For whom, and for what.</summary>
    public const string Statement =
        "Decision support for qualified professionals who treat children with relapsed acute lymphoblastic leukaemia. "
        + "It applies published protocols, as written, to the facts it is given, and shows the rule, the source and the "
        + "missing facts behind every answer, so that the professional can review the basis independently and is not "
        + "meant to rely on the answer alone.";

    /// <summary>What it must not be used for.</summary>
    public const string NotFor =
        "Not a device that diagnoses or decides. Not for use by patients or families, not for emergencies, not in place "
        + "of clinical judgement, of the protocol document or of the study group's advice. It gives no drug doses.";
}
