using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Http;
using Relapse.Clinical;

namespace Relapse.Hosting.Json;

/// <summary>Which part of a request message a JSON call gives where: in the path, in the query, in the body.</summary>
internal sealed partial class RequestShape
{
    private static readonly ConditionalWeakTable<HttpRule, RequestShape> Shapes = [];
    private readonly MessageDescriptor _message;
    private readonly bool _queryIsRead;

    private RequestShape(GrpcJsonTranscodingMetadata rpc)
    {
        _message = rpc.MethodDescriptor.InputType;
        IsLarge = rpc.MethodDescriptor.Name.StartsWith("Batch", StringComparison.Ordinal)
            || _message.Fields.InDeclarationOrder().Any(field => field.FieldType == FieldType.Bytes || IsRequiredList(field) || IsRequestWithOne(field));
        _queryIsRead = rpc.HttpRule.Body != "*";
        FromPath = PathVariable().Matches(Pattern(rpc.HttpRule)).Select(match => match.Groups[1].Value).ToFrozenSet(StringComparer.Ordinal);
        (Body, BodyPath) = rpc.HttpRule.Body switch
        {
            "" => (null, ""),
            "*" => (_message, ""),
            var field => (_message.FindFieldByName(field).MessageType, field),
        };
    }

    /// <summary>
    /// Whether one call is for many cases, as its name says, or brings a list that it cannot be without, or another call's request that does, or
    /// whole documents.
    /// </summary>
    public bool IsLarge { get; }

    /// <summary>The message that the body becomes; null when the call has no body.</summary>
    public MessageDescriptor? Body { get; }

    /// <summary>Path of that message from the request root.</summary>
    public string BodyPath { get; }

    /// <summary>Fields of the request that the path gives.</summary>
    public IReadOnlySet<string> FromPath { get; }

    private static bool IsRequiredList(FieldDescriptor field) =>
        field.IsRepeated && field.GetOptions()?.GetExtension(FieldBehaviorExtensions.FieldBehavior)?.Contains(FieldBehavior.Required) is true;

    private static bool IsRequestWithOne(FieldDescriptor field) =>
        field.FieldType == FieldType.Message && field.ContainingOneof is not null && field.MessageType.Name.EndsWith("Request", StringComparison.Ordinal) && field.MessageType.Fields.InDeclarationOrder().Any(IsRequiredList);

    public static RequestShape Of(GrpcJsonTranscodingMetadata rpc) => Shapes.GetValue(rpc.HttpRule, _ => new RequestShape(rpc));

    /// <summary>Adds the faults of the query: unknown parameters, one given twice, text that is no value of its field.</summary>
    public void CheckQuery(IQueryCollection query, List<FieldFault> faults)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, values) in query)
        {
            var (field, path) = _queryIsRead ? Find(key) : (null, "");
            if (field is null)
            {
                faults.Add(new FieldFault(KeyName.Shown(key) ?? "query", "no such query parameter"));
            }
            else if (!seen.Add(path) || FromPath.Contains(path) || (values.Count != 1 && !field.IsRepeated))
            {
                faults.Add(new FieldFault(path, "is given more than once"));
            }
            else if (values.Select(value => ScalarCheck.Fault(value ?? "", field)).FirstOrDefault(fault => fault is not null) is { } fault)
            {
                faults.Add(new FieldFault(path, fault));
            }
        }
    }

    private (FieldDescriptor? Field, string Path) Find(string key)
    {
        var (path, at, field) = (new List<string>(), (MessageDescriptor?)_message, (FieldDescriptor?)null);
        foreach (var part in key.Split('.'))
        {
            field = at is null ? null : MessageShape.Of(at).Find(part);
            if (field is null)
            {
                return (null, "");
            }

            path.Add(field.Name);
            at = field is { FieldType: FieldType.Message, IsRepeated: false } ? field.MessageType : null;
        }

        return field is { FieldType: FieldType.Message } ? (null, "") : (field, string.Join('.', path));
    }

    /// <summary>The path of a rule, whatever its HTTP method.</summary>
    internal static string Pattern(HttpRule rule) => rule.PatternCase switch
    {
        HttpRule.PatternOneofCase.Get => rule.Get,
        HttpRule.PatternOneofCase.Put => rule.Put,
        HttpRule.PatternOneofCase.Post => rule.Post,
        HttpRule.PatternOneofCase.Delete => rule.Delete,
        HttpRule.PatternOneofCase.Patch => rule.Patch,
        _ => rule.Custom?.Path ?? "",
    };

    [GeneratedRegex(@"\{([a-z_][a-z0-9_.]*)[=}]")]
    private static partial Regex PathVariable();
}
