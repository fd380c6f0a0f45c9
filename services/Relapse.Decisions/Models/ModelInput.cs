namespace Relapse.Decisions;

/// <summary>An input of a compiled model.</summary>
/// <param name="Index">Its position in every array of facts.</param>
/// <param name="Domain">Its values; for a joint input its tuples.</param>
/// <param name="Role">What it stands for.</param>
/// <param name="Default">The index of the default value of a reading that has one; 0 (derived) for an override; otherwise null.</param>
/// <param name="Joint">The joint input with its components; null for a plain one.</param>
/// <param name="Overrides">For an override, the name of the decision; otherwise null.</param>
public sealed record ModelInput(int Index, Domain Domain, InputRole Role, int? Default, JointInput? Joint, string? Overrides)
{
    /// <summary>The name: that of the domain.</summary>
    public string Name => Domain.Name;
}
