using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>What an input stands for.</summary>
public enum InputRole
{
    /// <summary>Something that is so or not, known or not.</summary>
    Fact,

    /// <summary>An ambiguity with alternatives; it may have a default.</summary>
    Reading,

    /// <summary>A conclusion established elsewhere, which stands in for the derived one; made by the compiler, never declared.</summary>
    Override,

    /// <summary>A question that no present fact answers.</summary>
    Latent,
}

/// <summary>A declared input, called by the name of its domain.</summary>
/// <param name="Domain">Its values.</param>
/// <param name="Role">What it stands for; not <see cref="InputRole.Override"/>.</param>
/// <param name="Default">For a reading, the index of its default value; null for none.</param>
public sealed record InputDefinition(Domain Domain, InputRole Role, int? Default = null);

/// <summary>A rule of a table: when every named input has one of its values, the conclusion follows.</summary>
/// <param name="Id">The author's id. Two rules share one only when they have different conclusions; it is then reported once.</param>
/// <param name="When">For each input of the table that matters to the rule, the values; an input that is not named may have any.</param>
/// <param name="Then">The index of the conclusion.</param>
/// <param name="MayBeDead">Whether the rule only closes its table, so that it is no fault when it applies to no case that can occur.</param>
public sealed record Rule(string Id, ImmutableDictionary<string, ValueSet> When, int Then, bool MayBeDead = false);

/// <summary>A condition without which a table does not apply at all.</summary>
/// <param name="Id">The author's id, reported in place of a rule's.</param>
/// <param name="Input">An input, a component, or a decision; it need not be an input of the table.</param>
/// <param name="InScope">The values with which the table applies; not empty.</param>
public sealed record Guard(string Id, string Input, ValueSet InScope);

/// <summary>
/// A decision as a table of rules, of which exactly one applies to each case that can occur (hit policy UNIQUE). When a guard fails, the
/// decision concludes <see cref="CompiledDecision.OutOfScope"/> and the first failing guard, in order, is its reason. A decision that is
/// fed
/// by one out of scope is so too, with the feeder's reason, unless one and the same rule applies whatever the feeder would conclude. Of
/// several
/// such feeders the reason is that of the first, in the order of the inputs, whose values lead to different rules or reasons.
/// </summary>
/// <param name="Name">The decision's name, distinct from every input, component and other decision.</param>
/// <param name="Inputs">The names of inputs, components or other decisions, in the order in which they are asked.</param>
/// <param name="Conclusions">The conclusions.</param>
/// <param name="Rules">The rules; their order has no meaning.</param>
/// <param name="Guards">The conditions of scope, in order; may be none.</param>
/// <param name="Overridable">Whether the conclusion may be given as established; see <see cref="CompiledModel.OverrideName"/>.</param>
public sealed record DecisionTable(
    string Name,
    ImmutableArray<string> Inputs,
    Domain Conclusions,
    ImmutableArray<Rule> Rules,
    ImmutableArray<Guard> Guards,
    bool Overridable);

/// <summary>Everything a compiler takes.</summary>
/// <param name="Inputs">The declared inputs other than joint ones.</param>
/// <param name="JointInputs">The joint inputs; each is a fact.</param>
/// <param name="Decisions">The decisions, in any order.</param>
public sealed record DecisionModel(
    ImmutableArray<InputDefinition> Inputs,
    ImmutableArray<JointInput> JointInputs,
    ImmutableArray<DecisionTable> Decisions);
