using System.Collections.Immutable;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Relapse.Transplant.Hla;

/// <summary>The files of an IPD-IMGT/HLA release that are used, as they are: unpacked if they were packed, otherwise unchanged.</summary>
/// <param name="Texts">File name, without folder and without <c>.gz</c>, to text.</param>
/// <param name="Digest">SHA-256, in lower-case hexadecimal, over the sorted lines <c>SHA-256-of-the-unpacked-file  name</c>.</param>
internal sealed record ReleaseFiles(ImmutableDictionary<string, string> Texts, string Digest)
{
    /// <summary>Without these there is no release.</summary>
    public static readonly ImmutableArray<string> Required =
        ["hla_nom.txt", "hla_nom_g.txt", "hla_nom_p.txt", "rel_dna_ser.txt", "rel_ser_ser.txt"];

    /// <summary>Without one of these, what rests on it is not known.</summary>
    public static readonly ImmutableArray<string> Optional = ["dpb_tce.csv", "A_prot.fasta", "B_prot.fasta", "C_prot.fasta"];

    // Where the release's own repository has them; a flat folder serves as well.
    private static readonly string[] Places = ["", "wmda", "tce", "fasta"];

    /// <summary>Takes the texts as they are.</summary>
    public static ReleaseFiles Of(ImmutableDictionary<string, string> texts)
    {
        var lines = texts.OrderBy(file => file.Key, StringComparer.Ordinal)
            .Select(file => $"{Hash(file.Value)}  {file.Key}\n");
        return new ReleaseFiles(texts, Hash(string.Concat(lines)));
    }

    /// <summary>Reads the files that are there. The only input or output of the HLA library.</summary>
    /// <param name="folder">A copy of the release, flat or laid out as in its repository; each file as it is or with <c>.gz</c>.</param>
    /// <exception cref="IOException">The folder or a file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A packed file is damaged.</exception>
    public static ReleaseFiles Read(string folder)
    {
        var texts = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var name in Required.Concat(Optional))
        {
            var path = Places.SelectMany(place => new[] { Path.Combine(folder, place, name), Path.Combine(folder, place, name + ".gz") })
                .FirstOrDefault(File.Exists);
            if (path is not null)
            {
                texts[name] = ReadText(path);
            }
        }

        return Of(texts.ToImmutable());
    }

    private static string ReadText(string path)
    {
        using var file = File.OpenRead(path);
        using Stream bytes = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        // Latin-1 keeps every byte, so that the digest is that of the file.
        using var text = new StreamReader(bytes, Encoding.Latin1, detectEncodingFromByteOrderMarks: false);
        return text.ReadToEnd();
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.Latin1.GetBytes(text)));
}
