namespace Relapse.Transplant.Hla;

/// <summary>One line of a file of a release, in its parts.</summary>
/// <param name="Number">Line in the file, from 1.</param>
/// <param name="Fields">The parts between the separators.</param>
internal readonly record struct WmdaLine(int Number, string[] Fields);

/// <summary>Lines of the files in a release's <c>wmda</c> and <c>tce</c> folders.</summary>
internal static class WmdaLines
{
    /// <summary>Every line that is neither empty nor a comment.</summary>
    /// <param name="files">The release.</param>
    /// <param name="name">The file.</param>
    /// <param name="separator">Between the parts of a line.</param>
    /// <param name="fewest">How many parts a line has at least, or it is a fault; more are let pass: later releases add some.</param>
    /// <param name="faults">Receives the lines that are too short.</param>
    public static IEnumerable<WmdaLine> Of(ReleaseFiles files, string name, char separator, int fewest, ReleaseFaults faults)
    {
        using var reader = new StringReader(files.Texts[name]);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var fields = line.Split(separator);
            if (fields.Length < fewest)
            {
                faults.Add($"{name} line {number} has {fields.Length} parts instead of {fewest}.");
                continue;
            }

            yield return new WmdaLine(number, fields);
        }
    }

    /// <summary>The locus that a line is about, such as <c>DRB1*</c>; false for a gene that is not compared, and for antigens.</summary>
    public static bool TryLocus(string field, out HlaLocus locus)
    {
        locus = default;
        return field.EndsWith('*') && HlaLoci.TryParse(field.AsSpan(0, field.Length - 1), out locus);
    }
}
