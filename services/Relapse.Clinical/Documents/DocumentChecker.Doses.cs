using System.Collections;
using System.Text.RegularExpressions;
using Google.Protobuf;

namespace Relapse.Clinical.Documents;

/// <summary>
/// No document holds the dose of a drug, in any of its texts: an answer that shows it could be followed. Gray of radiation are
/// allowed, which are no drug, and so are counts of cells.
/// </summary>
internal sealed partial class DocumentChecker
{
    /// <summary>Whether a text holds the dose of a drug: a number with a unit of mass, or of activity for a mass or surface.</summary>
    public static bool HoldsDose(string text) => DosePattern().IsMatch(text);

    private void CheckDoses() => CheckDoses(Document, "");

    private void CheckDoses(IMessage message, string path)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            var at = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
            switch (field.Accessor.GetValue(message))
            {
                case IDictionary map:
                    foreach (DictionaryEntry entry in map)
                    {
                        CheckDose(entry.Value, $"{at}.{entry.Key}");
                    }
                    break;
                case IList list:
                    for (var i = 0; i < list.Count; i++)
                    {
                        CheckDose(list[i], $"{at}[{i}]");
                    }
                    break;
                case var value:
                    CheckDose(value, at);
                    break;
            }
        }
    }

    private void CheckDose(object? value, string path)
    {
        if (value is string text)
        {
            RequireInPrint(!HoldsDose(text), path, "the dose of a drug has no place in a document");
        }
        else if (value is IMessage message)
        {
            CheckDoses(message, path);
        }
    }

    [GeneratedRegex(
        @"\d\s*-?\s*(?:(?:mg|mcg|[µμu]g|milligrams?|micrograms?|nanograms?|ng)\b|(?:g|grams?|m?i\.?u\.?|u|units?|mega-?units?|mmol|µmol)\s*(?:/|per)\s*(?:m2|m\^2|m²|kg|sq|square|kilogram|day|dose)\b?)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DosePattern();
}
