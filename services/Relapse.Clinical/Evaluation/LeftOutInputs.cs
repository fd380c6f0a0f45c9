using System.Collections.Immutable;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>The inputs that decisions look at under a reading alone that is neither in use nor live. Immutable.</summary>
internal sealed class LeftOutInputs
{
    private readonly bool[] _leftOut;

    /// <param name="protocol">The protocol version.</param>
    /// <param name="values">What is possible of each input; of these the readings are looked at, each at the one in use.</param>
    /// <param name="liveReadings">The readings under which an answer is looked at again.</param>
    public LeftOutInputs(CompiledProtocol protocol, ReadOnlySpan<ValueSet> values, ImmutableArray<int> liveReadings)
    {
        var model = protocol.Model;
        var read = model.DefaultFacts();
        for (var input = 0; input < read.Length; input++)
        {
            if (protocol.Bindings[input] is ReadingInput)
            {
                read[input] = liveReadings.Contains(input) ? model.Inputs[input].Domain.All : values[input];
            }
        }
        _leftOut = new bool[read.Length];
        foreach (var decision in protocol.Decisions.Values)
        {
            foreach (var input in decision.Diagram.SupportInputs)
            {
                _leftOut[input] = true;
            }
        }
        foreach (var decision in protocol.Decisions.Values)
        {
            foreach (var input in decision.Diagram.Restrict(read).Support)
            {
                _leftOut[input] = false;
            }
        }
    }

    /// <summary>Whether an input is one of them.</summary>
    public bool Contains(int input) => _leftOut[input];
}
