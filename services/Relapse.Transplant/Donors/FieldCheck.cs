using System.Globalization;
using Relapse.Hosting.Errors;
using Date = Google.Type.Date;

namespace Relapse.Transplant.Donors;

/// <summary>Checks the fields that recipient and donors have alike.</summary>
internal static class FieldCheck
{
    // What can be at all, both inclusive; what is plausible in medicine is not asked here.
    public const double LightestKg = 0.1;
    public const double HeaviestKg = 300;
    private const double OldestYears = 120;
    private const int LongestId = 64;

    /// <summary>A weight: 0.1 to 300 kg.</summary>
    public static void Weight(bool has, double kg, string path, FaultList faults)
    {
        if (has && !(kg is >= LightestKg and <= HeaviestKg))
        {
            faults.Invalid(path, string.Create(CultureInfo.InvariantCulture, $"must be {LightestKg} to {HeaviestKg} kg"));
        }
    }

    /// <summary>An age: 0 to 120 years.</summary>
    public static void Age(bool has, double years, string path, FaultList faults)
    {
        if (has && !(years is >= 0 and <= OldestYears))
        {
            faults.Invalid(path, $"must be 0 to {OldestYears} years");
        }
    }

    /// <summary>A number within limits, both inclusive.</summary>
    public static void Range(bool has, double value, double min, double max, string path, FaultList faults)
    {
        if (has && !(value >= min && value <= max))
        {
            faults.Invalid(path, $"must be {min} to {max}");
        }
    }

    /// <summary>A word of the contract.</summary>
    public static void Word<T>(T value, string path, FaultList faults, bool required = false)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            faults.Invalid(path, $"not a value of {typeof(T).Name}");
        }
        else if (required && EqualityComparer<T>.Default.Equals(value, default))
        {
            faults.Invalid(path, "required");
        }
    }

    /// <summary>A short text that is required.</summary>
    public static void Text(string text, int longest, string path, FaultList faults)
    {
        if (text.Length == 0)
        {
            faults.Invalid(path, "required");
        }
        else if (text.Length > longest || text.Any(char.IsControl))
        {
            faults.Invalid(path, $"must be at most {longest} characters, none a control character");
        }
    }

    /// <summary>An id of the caller.</summary>
    public static void Id(string id, string path, FaultList faults) => Text(id, LongestId, path, faults);

    /// <summary>A whole date; null when it is absent or has a fault.</summary>
    public static DateOnly? Day(Date? date, string path, FaultList faults)
    {
        if (date is null)
        {
            return null;
        }

        if (date.Year is >= 1900 and <= 2200 && date.Month is >= 1 and <= 12 && date.Day >= 1 && date.Day <= DateTime.DaysInMonth(date.Year, date.Month))
        {
            return new DateOnly(date.Year, date.Month, date.Day);
        }

        faults.Invalid(path, "must be a day of the calendar: year, month and day");
        return null;
    }

    /// <summary>A date of which month or day may be 0.</summary>
    public static void PartialDay(Date? date, string path, FaultList faults)
    {
        if (date is null)
        {
            return;
        }

        if (date is { Year: >= 1900 and <= 2200, Day: 0, Month: >= 0 and <= 12 })
        {
            return;
        }

        Day(date, path, faults);
    }
}
