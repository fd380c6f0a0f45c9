using System.Globalization;
using System.Text;

namespace Relapse.Transplant.Hla;

/// <summary>What the letter after an allele name says of its expression (WHO nomenclature). Only <see cref="Null"/> means that there
/// is no protein; the others count as expressed.</summary>
internal enum ExpressionSuffix
{
    None,
    Null,
    Low,
    Secreted,
    Cytoplasm,
    Aberrant,
    Questionable,
}

/// <summary>
/// The part of an allele name after <c>locus*</c>: two to four fields of digits and perhaps a suffix, packed into one number. Equal
/// names are equal numbers.
/// </summary>
/// <param name="Packed">Four fields of 14 bits, the first highest, 0 for an absent field; then the suffix in 3 bits.</param>
internal readonly record struct AlleleName(ulong Packed)
{
    /// <summary>The highest value of a field, inclusive.</summary>
    public const int HighestField = 9999;

    private const string Letters = " NLSCAQ";
    private const int FieldBits = 14;
    private const int SuffixBits = 3;

    private AlleleName(ReadOnlySpan<int> fields, ExpressionSuffix suffix)
        : this(Pack(fields, suffix))
    {
    }

    /// <summary>The letter's meaning.</summary>
    public ExpressionSuffix Suffix => (ExpressionSuffix)(Packed & ((1 << SuffixBits) - 1));

    /// <summary>Whether the allele makes no protein.</summary>
    public bool IsNull => Suffix == ExpressionSuffix.Null;

    /// <summary>How many fields, 2 to 4 inclusive.</summary>
    public int FieldCount => Field(4) > 0 ? 4 : Field(3) > 0 ? 3 : 2;

    /// <summary>The first two fields as one number, <see cref="ProteinCode"/>.</summary>
    public int Protein => ProteinCode.Of(Field(1), Field(2));

    /// <summary>Reads such as <c>01:01:01:02N</c>: fields of at least two digits, without superfluous zeros.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out AlleleName name)
    {
        name = default;
        var suffix = ExpressionSuffix.None;
        if (text.Length > 0 && Letters.IndexOf(text[^1], StringComparison.Ordinal) is var letter and > 0)
        {
            suffix = (ExpressionSuffix)letter;
            text = text[..^1];
        }

        Span<int> fields = stackalloc int[4];
        var count = 0;
        foreach (var range in text.Split(':'))
        {
            if (count == 4 || !TryParseField(text[range], out fields[count]))
            {
                return false;
            }

            count++;
        }

        if (count < 2)
        {
            return false;
        }

        name = new AlleleName(fields[..count], suffix);
        return true;
    }

    /// <summary>Reads one field.</summary>
    public static bool TryParseField(ReadOnlySpan<char> text, out int field)
    {
        field = 0;
        return (text.Length == 2 || (text.Length is 3 or 4 && text[0] != '0'))
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out field)
            && field > 0;
    }

    /// <summary>The value of a field, counted from 1; 0 when there is none.</summary>
    public int Field(int number) => (int)(Packed >> (SuffixBits + FieldBits * (4 - number))) & ((1 << FieldBits) - 1);

    /// <summary>The name cut to fewer fields, with its suffix: WHO carries it on, and <c>24:09N</c> is also <c>24:09:01N</c> cut.</summary>
    /// <param name="fields">2 to 4 inclusive.</param>
    public AlleleName Shortened(int fields)
    {
        Span<int> kept = stackalloc int[4];
        for (var number = 1; number <= fields; number++)
        {
            kept[number - 1] = Field(number);
        }

        return new AlleleName(kept, Suffix);
    }

    /// <summary>The same fields with another suffix.</summary>
    public AlleleName With(ExpressionSuffix suffix) => new((Packed & ~((1UL << SuffixBits) - 1)) | (uint)suffix);

    /// <summary>As <see cref="TryParse"/> reads it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (var number = 1; number <= FieldCount; number++)
        {
            text.Append(number > 1 ? ":" : "").Append(Field(number).ToString("00", CultureInfo.InvariantCulture));
        }

        return Suffix == ExpressionSuffix.None ? text.ToString() : text.Append(Letters[(int)Suffix]).ToString();
    }

    private static ulong Pack(ReadOnlySpan<int> fields, ExpressionSuffix suffix)
    {
        var packed = 0UL;
        for (var index = 0; index < 4; index++)
        {
            packed = (packed << FieldBits) | (index < fields.Length ? (uint)fields[index] : 0);
        }

        return (packed << SuffixBits) | (uint)suffix;
    }
}

/// <summary>
/// A protein of a locus as a small number: the first two fields of its name. The same numbers stand for classes of proteins that are
/// one to matching (P groups), each called by the fields of its group's name, so that numbers of both kinds can be compared without a
/// table.
/// </summary>
internal static class ProteinCode
{
    private const int SecondFields = AlleleName.HighestField + 1;

    /// <summary>The number of <c>first:second</c>.</summary>
    public static int Of(int first, int second) => first * SecondFields + second;

    /// <summary>The first field.</summary>
    public static int FirstField(int code) => code / SecondFields;

    /// <summary>Such as <c>02:01</c>.</summary>
    public static string Text(int code) =>
        string.Create(CultureInfo.InvariantCulture, $"{code / SecondFields:00}:{code % SecondFields:00}");
}
