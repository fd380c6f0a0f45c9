using System.Collections;
using System.Collections.Immutable;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;
using Relapse.Clinical.Cases;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;
using Relapse.Decisions;
using Date = Google.Type.Date;

namespace Relapse.Clinical;

/// <summary>
/// Finds every fault of a case at once. A fault is what cannot be, whatever the patient: a 30th of February, a negative
/// count, 140 percent. Facts that merely contradict each other are no fault but an answer (INCONSISTENT).
/// </summary>
public static class CaseValidator
{
    private const int LongestText = 64;
    private const int LongestPath = 200;
    private const int LongestList = 200;
    private const int EarliestYear = 1900;
    private const int LatestYear = 2200;
    internal const int MostRelapses = 20;
    private const int MostMonths = 1200;

    /// <summary>Checks a case on its own.</summary>
    /// <returns>Every fault, with paths that begin with <c>case.</c>; empty for a sound case.</returns>
    public static ImmutableArray<FieldFault> Validate(RelapseCase @case)
    {
        ArgumentNullException.ThrowIfNull(@case);
        var faults = ImmutableArray.CreateBuilder<FieldFault>(0);
        if (!IsSound(@case))
        {
            CheckMessage(@case, new MessagePath(null, "case"), faults);
        }
        CheckRelapseNumber(@case, faults);
        CheckMonths(@case.Timing, faults);
        if (ListsAnything(@case))
        {
            CheckOtherSites(@case, faults);
            CheckListedFacts(@case, faults);
            faults.AddRange(MrdFaults.Find(@case));
            CheckEstablishedShape(@case, faults);
        }
        return faults.ToImmutable();
    }

    private static bool ListsAnything(RelapseCase @case) =>
        @case.OtherSites.Count > 0 || @case.Unknown.Count > 0 || @case.Bounded.Count > 0 || @case.Mrd.Count > 0 || @case.Established.Count > 0;

    /// <summary>
    /// Checks what the centre established against the words of the protocols that are to decide. What is established for
    /// another protocol is left to the call that asks for that one.
    /// </summary>
    /// <returns>Every fault, with paths that begin with <c>case.established</c>.</returns>
    public static ImmutableArray<FieldFault> CheckEstablished(RelapseCase @case, IReadOnlyList<CompiledProtocol> protocols)
    {
        ArgumentNullException.ThrowIfNull(@case);
        ArgumentNullException.ThrowIfNull(protocols);
        if (@case.Established.Count == 0)
        {
            return [];
        }
        var faults = ImmutableArray.CreateBuilder<FieldFault>();
        foreach (var (index, established) in Judged(@case.Established))
        {
            var path = $"case.established[{index}]";
            var named = protocols.Where(protocol => established.Protocol.Length == 0 || established.Protocol == protocol.Name || established.Protocol == $"protocols/{protocol.Id}").ToArray();
            foreach (var protocol in named.Where(protocol => WellKnownDecisions.MayBeEstablished(established.Decision)))
            {
                if (protocol.Document.Decisions.TryGetValue(established.Decision, out var table) && !table.Conclusions.Contains(established.Conclusion))
                {
                    faults.Add(new FieldFault($"{path}.conclusion", $"in {protocol.Name} this decision concludes {string.Join(", ", table.Conclusions)}"));
                }
            }
        }
        return faults.ToImmutable();
    }

    /// <summary>Walks every field: numbers by the unit in their name, dates, enums, lengths.</summary>
    private static void CheckMessage(IMessage message, MessagePath path, ImmutableArray<FieldFault>.Builder faults)
    {
        foreach (var field in CheckedField.Of(message.Descriptor))
        {
            if (field.IsRepeated)
            {
                CheckList((IList)field.Accessor.GetValue(message), field, path, faults);
            }
            else if (!field.HasPresence || field.Accessor.HasValue(message))
            {
                CheckValue(field.Accessor.GetValue(message), field, path, -1, faults);
            }
        }
    }

    private static void CheckList(IList list, CheckedField field, MessagePath path, ImmutableArray<FieldFault>.Builder faults)
    {
        if (list.Count > LongestList)
        {
            faults.Add(new FieldFault($"{path}.{field.Name}", $"at most {LongestList} entries"));
            return;
        }
        for (var i = 0; i < list.Count; i++)
        {
            CheckValue(list[i], field, path, i, faults);
        }
    }

    /// <summary>The entries of a list, or none of one that is refused for its length: that is its one fault.</summary>
    internal static IEnumerable<(int Index, T Item)> Judged<T>(RepeatedField<T> list) => list.Count > LongestList ? [] : list.Index();

    private static void CheckValue(object? value, CheckedField field, MessagePath path, int index, ImmutableArray<FieldFault>.Builder faults)
    {
        if (FaultOf(value, field) is { } fault)
        {
            faults.Add(new FieldFault(new MessagePath(path, field.Name, index).ToString(), fault));
        }
        if (value is IMessage message and not Date)
        {
            CheckMessage(message, new MessagePath(path, field.Name, index), faults);
        }
    }

    /// <summary>What is wrong with one value by itself.</summary>
    private static string? FaultOf(object? value, CheckedField field) => value switch
    {
        null => null,
        double number => NumberFault(number, field.Name),
        int number when field.IsCount && number < 0 => "must be 0 or more",
        string text when text.Length > field.Longest => $"at most {field.Longest} characters",
        string text when field.IsDecimal => DecimalFault(text, field.Name),
        Date date => DateFault(date),
        _ when field.IsRequiredEnum && (int)value == 0 => "required",
        _ when field.IsEnum && !field.HasEnumValue((int)value) => $"not a value of {field.Field.EnumType.Name}",
        _ => null,
    };

    /// <summary>Whether there is nothing to be found field by field: most cases, and then no path is needed.</summary>
    private static bool IsSound(IMessage message)
    {
        foreach (var field in CheckedField.Of(message.Descriptor))
        {
            if (field.IsRepeated)
            {
                var list = (IList)field.Accessor.GetValue(message);
                var sound = list.Count <= LongestList;
                for (var i = 0; i < list.Count && sound; i++)
                {
                    sound = IsSound(list[i], field);
                }
                if (!sound)
                {
                    return false;
                }
            }
            else if ((!field.HasPresence || field.Accessor.HasValue(message)) && !IsSound(field.Accessor.GetValue(message), field))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsSound(object? value, CheckedField field) => FaultOf(value, field) is null && (value is not IMessage message || value is Date || IsSound(message));

    /// <summary>Paths and names of protocol versions are longer than other texts.</summary>
    internal static int Longest(FieldDescriptor field) => field.Name is "field" or "protocol" ? LongestPath : LongestText;

    /// <summary>Enums without which an entry of a list says nothing.</summary>
    internal static bool IsRequiredEnum(FieldDescriptor field) => field is
    {
        FieldType: FieldType.Enum, FullName:
            "relapse.case.v1.OtherSite.site" or "relapse.case.v1.GeneticFinding.marker" or "relapse.case.v1.GeneticFinding.status"
            or "relapse.case.v1.AntigenFinding.antigen" or "relapse.case.v1.AntigenFinding.status" or "relapse.case.v1.History.prior_agents"
            or "relapse.case.v1.PreviousRelapse.sites"
    };

    private static string? NumberFault(double number, string name)
    {
        if (!double.IsFinite(number))
        {
            return "must be a finite number";
        }
        if (name is "min" or "max")
        {
            return Math.Abs(number) <= 1e15 ? null : "out of range";
        }
        var (most, text) = name.EndsWith("_percent", StringComparison.Ordinal) ? (100, "0 to 100 percent")
            : name.EndsWith("_years", StringComparison.Ordinal) ? (130, "0 to 130 years")
            : name.StartsWith("months_from_", StringComparison.Ordinal) ? (MostMonths, "0 to 1200 months")
            : name.EndsWith("_gy", StringComparison.Ordinal) ? (1000, "0 to 1000 gray")
            : name is "mrd_day_33" or "mrd_day_78" ? (1, "a fraction of 0 to 1")
            : (1e9, "0 to 1e9");
        return number >= 0 && number <= most ? null : $"must be {text}, both inclusive";
    }

    internal static bool IsDecimal(string name) =>
        name is "months_from_diagnosis" or "months_from_therapy_end" or "quantified" or "sensitivity" or "quantifiable_from" or "mrd_day_33" or "mrd_day_78";

    private static string? DecimalFault(string text, string name) =>
        !(IsMrd(name) ? MrdNumber.TryRead(text, out var value, out _) : CaseNumbers.TryReadDecimal(text, out value)) ? IsMrd(name) ? MrdNumber.HowToWrite : "must be a decimal number such as 12.5 or 2e-3"
        : name is "sensitivity" or "quantifiable_from" && value <= 0 ? "must be above 0"
        : value < 0 ? "must be 0 or more"
        : name is "mrd_day_33" or "mrd_day_78" && value > 1 ? "must be a fraction of 0 to 1, both inclusive"
        : null;

    private static bool IsMrd(string name) => !name.StartsWith("months_", StringComparison.Ordinal);

    private static string? DateFault(Date date)
    {
        if (date.Year is < EarliestYear or > LatestYear)
        {
            return $"the year must be {EarliestYear} to {LatestYear}";
        }
        if (date.Month is < 0 or > 12)
        {
            return "the month must be 1 to 12, or 0 when it is not known";
        }
        if (date.Month == 0)
        {
            return date.Day == 0 ? null : "a day without a month is not a date";
        }
        return date.Day >= 0 && date.Day <= DateTime.DaysInMonth(date.Year, date.Month) ? null : "there is no such day in that month";
    }

    private static void CheckRelapseNumber(RelapseCase @case, ImmutableArray<FieldFault>.Builder faults)
    {
        if (@case.HasRelapseNumber && @case.RelapseNumber is < 1 or > MostRelapses)
        {
            faults.Add(new FieldFault("case.relapse_number", $"must be 1 to {MostRelapses}, both inclusive"));
        }
    }

    private static void CheckMonths(Timing? timing, ImmutableArray<FieldFault>.Builder faults)
    {
        if (timing is null)
        {
            return;
        }
        if (!timing.HasMonthsFromDiagnosis && !timing.HasMonthsFromTherapyEnd)
        {
            return;
        }
        foreach (var (given, text, path) in new[]
        {
            (timing.HasMonthsFromDiagnosis, timing.MonthsFromDiagnosis, TimingFacts.MonthsFromDiagnosisField),
            (timing.HasMonthsFromTherapyEnd, timing.MonthsFromTherapyEnd, TimingFacts.MonthsFromTherapyEndField),
        })
        {
            if (!given || !CaseNumbers.TryReadDecimal(text, out var months) || months < 0)
            {
                continue;
            }
            if (months > MostMonths)
            {
                faults.Add(new FieldFault(path, "must be 0 to 1200 months, both inclusive"));
            }
            if (timing.MonthsPrecision == MonthsPrecision.CompletedMonths && !decimal.IsInteger(months))
            {
                faults.Add(new FieldFault(path, "completed months are a whole number"));
            }
        }
    }

    private static void CheckOtherSites(RelapseCase @case, ImmutableArray<FieldFault>.Builder faults)
    {
        var seen = new HashSet<Site>();
        foreach (var (index, site) in Judged(@case.OtherSites))
        {
            if (site.Site is Site.Marrow or Site.Cns or Site.Testis)
            {
                faults.Add(new FieldFault($"case.other_sites[{index}].site", "marrow, central nervous system and testis have fields of their own"));
            }
            if (site.Site is not (Site.Unspecified or Site.Other) && !seen.Add(site.Site))
            {
                faults.Add(new FieldFault($"case.other_sites[{index}].site", "this site is listed already"));
            }
        }
    }

    /// <summary>Paths of <c>unknown</c> and <c>bounded</c> must exist, be given once, and not be set as well.</summary>
    private static void CheckListedFacts(RelapseCase @case, ImmutableArray<FieldFault>.Builder faults)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (index, unknown) in Judged(@case.Unknown))
        {
            CheckPath(unknown.Field, $"case.unknown[{index}].field", "not known");
        }
        foreach (var (index, bounded) in Judged(@case.Bounded))
        {
            var path = $"case.bounded[{index}]";
            CheckPath(bounded.Field, $"{path}.field", "bounded");
            if (FieldPath.TryFind(bounded.Field, @case, out var field, out _))
            {
                CheckBounds(bounded, field, path, faults);
            }
        }

        void CheckPath(string named, string path, string kind)
        {
            if (!FieldPath.TryFind(named, @case, out _, out var isSet))
            {
                faults.Add(new FieldFault(path, "no field of this case"));
            }
            else if (isSet)
            {
                faults.Add(new FieldFault(path, $"the field is set and listed as {kind}"));
            }
            if (!seen.TryAdd(named, path))
            {
                faults.Add(new FieldFault(path, $"the field is listed already, at {seen[named]}"));
            }
        }
    }

    private static void CheckBounds(BoundedFact bounded, FieldDescriptor field, string path, ImmutableArray<FieldFault>.Builder faults)
    {
        if (field.IsRepeated || !(field.FieldType is FieldType.Double or FieldType.Int32 || IsDecimal(field.Name)))
        {
            faults.Add(new FieldFault($"{path}.field", "only a number can be bounded"));
            return;
        }
        if (!bounded.HasMin && !bounded.HasMax)
        {
            faults.Add(new FieldFault(path, "at least one of min and max is required"));
        }
        foreach (var (given, end, name) in new[] { (bounded.HasMin, bounded.Min, "min"), (bounded.HasMax, bounded.Max, "max") })
        {
            if (given && double.IsFinite(end) && NumberFault(end, name) is null && NumberFault(end, field.Name) is { } fault)
            {
                faults.Add(new FieldFault($"{path}.{name}", fault));
            }
        }
        if (bounded.HasMin && bounded.HasMax && (bounded.Min > bounded.Max || (bounded.Min == bounded.Max && (bounded.MinExclusive || bounded.MaxExclusive))))
        {
            faults.Add(new FieldFault(path, "no number lies between min and max"));
        }
        else if (field.FieldType == FieldType.Int32 && IsFinite(bounded) && HoldsNoCount(bounded, field))
        {
            faults.Add(new FieldFault(path, "no whole number that the field can have lies between min and max"));
        }
    }

    private static bool IsFinite(BoundedFact bounded) => Math.Abs(bounded.Min) <= 1e15 && Math.Abs(bounded.Max) <= 1e15;

    private static bool HoldsNoCount(BoundedFact bounded, FieldDescriptor field)
    {
        var range = field.Name == "relapse_number" ? new Interval(1, false, MostRelapses, false) : new Interval(0, false, null, false);
        return CaseNumbers.Whole(CaseNumbers.Read(bounded).Intersect(range)).IsEmpty;
    }

    private static void CheckEstablishedShape(RelapseCase @case, ImmutableArray<FieldFault>.Builder faults)
    {
        foreach (var (index, established) in Judged(@case.Established))
        {
            var path = $"case.established[{index}]";
            if (!WellKnownDecisions.MayBeEstablished(established.Decision))
            {
                faults.Add(new FieldFault($"{path}.decision", $"can be {string.Join(", ", WellKnownDecisions.Establishable)}"));
            }
            if (established.Protocol.Length == 0 && WellKnownDecisions.InProtocolWords.Contains(established.Decision, StringComparer.Ordinal))
            {
                faults.Add(new FieldFault($"{path}.protocol", "required for this decision: its words belong to a protocol"));
            }
            if (established.Conclusion.Length == 0)
            {
                faults.Add(new FieldFault($"{path}.conclusion", "required"));
            }
        }
    }
}
