using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Relapse.Clinical.Documents;

/// <summary>
/// A parser that refuses to go deeper than any document does. The scanner below looks back at every open level for each
/// token, so that a megabyte of opening brackets would keep it busy for hours.
/// </summary>
internal sealed class ShallowParser(IParser inner) : IParser
{
    private const int Deepest = 32;

    private int _depth;

    public ParsingEvent? Current => inner.Current;

    public bool MoveNext()
    {
        var moved = inner.MoveNext();
        _depth += moved ? inner.Current!.NestingIncrease : 0;
        return _depth <= Deepest ? moved : throw new SyntaxErrorException(inner.Current!.Start, inner.Current.End, $"nested deeper than {Deepest} levels");
    }
}
