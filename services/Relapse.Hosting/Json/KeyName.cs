using System.Text;

namespace Relapse.Hosting.Json;

/// <summary>
/// How a key that no message has is named in an error. One that looks like a field name is shown, in the spelling of
/// proto names that every path has; anything else could be a value in the wrong place and is not.
/// </summary>
internal static class KeyName
{
    private const int Longest = 64;

    public static string? Shown(string? key)
    {
        if (key is not { Length: > 0 and <= Longest } || !char.IsAsciiLetter(key[0]) || !key.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            return null;
        }

        var name = new StringBuilder(key.Length + 8);
        foreach (var c in key)
        {
            if (char.IsAsciiLetterUpper(c) && name.Length > 0 && name[^1] != '_')
            {
                name.Append('_');
            }

            name.Append(char.ToLowerInvariant(c));
        }

        return name.ToString();
    }
}
