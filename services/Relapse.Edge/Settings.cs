using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Relapse.Edge;

/// <summary>
/// Reads a process's settings and collects every fault, so that a wrong configuration is refused once, at start, with
/// the whole list. Names are those of the environment variables (<c>RELAPSE_HTTP_PORT</c>); the command line and tests
/// may give the same names.
/// </summary>
public sealed class Settings(IConfiguration configuration)
{
    private readonly List<string> faults = [];

    /// <summary>Every name that begins with a prefix and has a value, in ordinal order.</summary>
    public IEnumerable<string> NamesFrom(string prefix) => configuration.AsEnumerable()
        .Where(entry => entry.Value is not null && entry.Key.StartsWith(prefix, StringComparison.Ordinal))
        .Select(entry => entry.Key)
        .Order(StringComparer.Ordinal);

    /// <summary>The text of a setting, or the default when it is absent or blank.</summary>
    public string Text(string name, string otherwise) =>
        configuration[name] is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : otherwise;

    /// <summary>A whole number from <paramref name="min"/> to <paramref name="max"/>, both inclusive.</summary>
    public int Number(string name, int otherwise, int min, int max)
    {
        var text = Text(name, otherwise.ToString(CultureInfo.InvariantCulture));
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        Fault(name, string.Create(CultureInfo.InvariantCulture, $"'{text}' is not a whole number from {min} to {max}"));
        return otherwise;
    }

    /// <summary><c>true</c> or <c>false</c>; anything else is a fault, never taken as false.</summary>
    public bool Flag(string name, bool otherwise)
    {
        var text = Text(name, otherwise ? "true" : "false");
        if (bool.TryParse(text, out var flag))
        {
            return flag;
        }

        Fault(name, $"'{text}' is neither true nor false");
        return otherwise;
    }

    /// <summary>Notes a fault of a setting.</summary>
    public void Fault(string name, string what) => faults.Add($"{name}: {what}.");

    /// <summary>Refuses to go on when there was any fault.</summary>
    /// <exception cref="SettingsRefusedException">Listing every fault.</exception>
    public void Refuse()
    {
        if (faults.Count > 0)
        {
            throw new SettingsRefusedException(faults);
        }
    }
}

/// <summary>The configuration is wrong; the message lists every fault on a line of its own.</summary>
public sealed class SettingsRefusedException(IReadOnlyList<string> faults)
    : Exception("Refusing to start, the configuration is wrong:" + string.Concat(faults.Select(fault => "\n  " + fault)))
{
    /// <summary>Every fault.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}
