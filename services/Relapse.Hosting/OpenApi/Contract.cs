using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Hosting.OpenApi;

/// <summary>
/// The contract with its comments, as the build wrote it down (protos/Relapse.Protos.csproj). The descriptors of the
/// generated code have none.
/// </summary>
internal sealed partial class Contract
{
    private const string Resource = "relapse.protoset";
    private static readonly Lazy<Contract> OfThisBuild = new(ReadResource);
    private readonly ImmutableArray<FileDescriptor> _files;

    private Contract(ImmutableArray<FileDescriptor> files)
    {
        _files = files;
        Services = [.. files.SelectMany(file => file.Services).OrderBy(service => service.FullName, StringComparer.Ordinal)];
        Ours = [.. files.Where(file => file.Package.StartsWith("relapse.", StringComparison.Ordinal)).OrderBy(file => file.Name, StringComparer.Ordinal)];
    }

    /// <summary>The contract that this build was made from.</summary>
    public static Contract Shipped => OfThisBuild.Value;

    /// <summary>Every service, by full name.</summary>
    public ImmutableArray<ServiceDescriptor> Services { get; }

    /// <summary>The files that are ours, not Google's, by name.</summary>
    public ImmutableArray<FileDescriptor> Ours { get; }

    /// <summary>Reads a descriptor set whose files stand behind those they import, as protoc writes it.</summary>
    public static Contract Read(FileDescriptorSet set)
    {
        var options = new ExtensionRegistry { AnnotationsExtensions.Http, FieldBehaviorExtensions.FieldBehavior };
        return new Contract([.. FileDescriptor.BuildFromByteStrings(set.File.Select(file => file.ToByteString()), options)]);
    }

    /// <summary>A message by its full name.</summary>
    public MessageDescriptor Message(string fullName) =>
        _files.SelectMany(file => file.MessageTypes).First(message => message.FullName == fullName);

    /// <summary>The word of a service in every path: <c>relapse.classification.v1.ClassificationService</c> is <c>classification</c>.</summary>
    public static string WordOf(ServiceDescriptor service) => service.File.Package.Split('.') is [_, var word, ..] ? word : service.Name;

    /// <summary>What the proto says above a declaration, as Markdown: paragraphs, lists with <c>*</c>, code; empty when nothing.</summary>
    public static string Comment(DescriptorBase descriptor)
    {
        var lines = (descriptor.Declaration?.LeadingComments ?? "").Split('\n').Select(line => line.Trim());
        var paragraphs = string.Join('\n', lines).Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return CrossReference().Replace(string.Join("\n\n", paragraphs.Select(paragraph => WithinAParagraph().Replace(paragraph, " "))), "$1");
    }

    /// <summary>Whether a request without the field is refused.</summary>
    public static bool IsRequired(FieldDescriptor field) =>
        field.GetOptions()?.GetExtension(FieldBehaviorExtensions.FieldBehavior)?.Contains(FieldBehavior.Required) is true;

    private static Contract ReadResource()
    {
        using var stream = typeof(Decision).Assembly.GetManifestResourceStream(Resource)!;
        return Read(FileDescriptorSet.Parser.ParseFrom(stream));
    }

    [GeneratedRegex(@"\n(?!\* )")]
    private static partial Regex WithinAParagraph();

    // Google's comments link to types as [Text][full.name].
    [GeneratedRegex(@"\[([^\]]+)\]\[[^\]]*\]")]
    private static partial Regex CrossReference();
}
