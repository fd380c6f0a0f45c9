using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf.Reflection;
using Relapse.Hosting.Json;

namespace Relapse.Hosting.OpenApi;

/// <summary>One way to call an RPC over HTTP, out of its google.api.http option.</summary>
/// <param name="Method">The RPC.</param>
/// <param name="Verb">HTTP method, lower case.</param>
/// <param name="Path">Path as OpenAPI writes it: each parameter is one segment.</param>
/// <param name="PathParameters">Parameters of the path, in order, each with the field that it is, or is a segment of.</param>
/// <param name="Body">Field of the request that the body is; <c>*</c> for all of it but the path's, empty for no body.</param>
internal sealed partial record HttpBinding(
    MethodDescriptor Method, string Verb, string Path, ImmutableArray<PathParameter> PathParameters, string Body)
{
    /// <summary>Fields that the query may give: those that neither path nor body gives.</summary>
    public IEnumerable<FieldDescriptor> QueryFields =>
        Body == "*" ? [] : Method.InputType.Fields.InDeclarationOrder().Where(one => one.Name != Body && !IsInPath(one));

    /// <summary>The bindings of an RPC: none for one that is gRPC only.</summary>
    public static IReadOnlyList<HttpBinding> Of(MethodDescriptor method) =>
        method.GetOptions()?.GetExtension(AnnotationsExtensions.Http) is { } rule
            ? [.. rule.AdditionalBindings.Prepend(rule).Select(one => Read(method, one))]
            : [];

    /// <summary>Whether the path gives the field.</summary>
    public bool IsInPath(FieldDescriptor field) => PathParameters.Any(parameter => parameter.Field.Name == field.Name);

    private static HttpBinding Read(MethodDescriptor method, HttpRule rule)
    {
        var parameters = ImmutableArray.CreateBuilder<PathParameter>();
        var verb = rule.PatternCase is HttpRule.PatternOneofCase.Custom ? rule.Custom.Kind : rule.PatternCase.ToString();
        var path = Variable().Replace(RequestShape.Pattern(rule), variable =>
        {
            var field = method.InputType.FindFieldByName(variable.Groups["field"].Value);
            var template = variable.Groups["template"] is { Success: true, Value: var given } ? given : "*";
            return Segments(field, template, parameters);
        });
        return new HttpBinding(method, verb.ToLowerInvariant(), path, parameters.ToImmutable(), rule.Body);
    }

    // `protocols/*/versions/*` is two parameters, each called after the segment before it.
    private static string Segments(FieldDescriptor field, string template, ImmutableArray<PathParameter>.Builder parameters)
    {
        var segments = template.Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            if (segments[i] == "**")
            {
                throw new NotSupportedException($"OpenAPI has no parameter of several segments, which {field.FullName} is.");
            }

            if (segments[i] == "*")
            {
                var name = i == 0 ? field.JsonName : Singular(segments[i - 1]);
                parameters.Add(new PathParameter(name, field, template));
                segments[i] = "{" + name + "}";
            }
        }

        return string.Join('/', segments);
    }

    private static string Singular(string collection) => collection.EndsWith('s') ? collection[..^1] : collection;

    [GeneratedRegex(@"\{(?<field>[a-z_][a-z0-9_]*)(=(?<template>[^}]+))?\}")]
    private static partial Regex Variable();
}

/// <summary>One segment of a path that a caller fills.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Field">The field of the request it goes into.</param>
/// <param name="Template">What that field looks like, with <c>*</c> for each segment.</param>
internal sealed record PathParameter(string Name, FieldDescriptor Field, string Template);
