using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using Relapse.Hosting.Errors;

namespace Relapse.Hosting.OpenApi;

/// <summary>
/// The OpenAPI 3.1 document of some services of the contract: every RPC with an HTTP path, every message and field they
/// reach. The same services give the same bytes.
/// </summary>
internal sealed class OpenApiDocument
{
    private const string Status = "google.rpc.Status";
    private const string HttpBody = "google.api.HttpBody";

    // A browser shows it as JSON, so nothing in it needs escaping for HTML.
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Contract _contract;
    private readonly Schemas _schemas;
    private readonly List<FieldDescriptor> _inQuery = [];
    private readonly List<MessageDescriptor> _roots;
    private readonly JsonObject _bodies = [];

    private OpenApiDocument(Contract contract)
    {
        _contract = contract;
        List<MessageDescriptor> details = [.. JsonStatus.Details.Select(detail => contract.Message(detail.FullName))];
        _schemas = new Schemas(new ContractUse(contract), details);
        _roots = [contract.Message(Status), .. details];
    }

    /// <summary>Writes the document, in UTF-8.</summary>
    public static byte[] Write(Contract contract, IEnumerable<ServiceDescriptor> services) =>
        JsonSerializer.SerializeToUtf8Bytes(new OpenApiDocument(contract).Build([.. services.OrderBy(service => service.FullName, StringComparer.Ordinal)]), Readable);

    private JsonObject Build(List<ServiceDescriptor> services)
    {
        var paths = new JsonObject();
        foreach (var binding in services.SelectMany(service => service.Methods).SelectMany(HttpBinding.Of))
        {
            if (paths[binding.Path] is not JsonObject path)
            {
                paths[binding.Path] = path = [];
            }

            path[binding.Verb] = Operation(binding);
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = Info(),
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/", ["description"] = "Where this document came from" }),
            ["security"] = new JsonArray(),
            ["tags"] = new JsonArray([.. services.Select(Tag)]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = Components(),
                ["responses"] = ErrorCatalogue.Responses(Schemas.Reference(_contract.Message(Status))),
            },
        };
    }

    private static JsonObject Info() => new()
    {
        ["title"] = "Relapse",
        ["version"] = EngineVersion.Current,
        ["description"] = $"""
            {IntendedUse.Statement}

            {IntendedUse.NotFor}

            JSON is the canonical mapping of proto3: lowerCamelCase keys, enum values by name, 64-bit integers as strings, what has its default left out. Absent is never zero, false or empty. An unknown or repeated key is refused. `null` for a single field is taken as absent. Answers may gain fields: pass over what you do not know.
            """,
        ["license"] = new JsonObject { ["name"] = "Apache-2.0", ["identifier"] = "Apache-2.0" },
    };

    private static JsonNode Tag(ServiceDescriptor service)
    {
        var grpcOnly = service.Methods.Where(method => HttpBinding.Of(method).Count == 0).Select(method => $"`{method.Name}`").ToList();
        var more = grpcOnly.Count == 0 ? "" : $"\n\nOver gRPC only: {string.Join(", ", grpcOnly)}.";
        return new JsonObject { ["name"] = service.Name, ["description"] = Contract.Comment(service) + more };
    }

    private JsonObject Operation(HttpBinding binding)
    {
        var (method, comment) = (binding.Method, Contract.Comment(binding.Method));
        var operation = new JsonObject
        {
            ["operationId"] = OperationId(binding),
            ["tags"] = Schemas.Texts([method.Service.Name]),
            ["summary"] = comment.Split(". ")[0].TrimEnd('.'),
            ["description"] = comment,
        };
        if (Parameters(binding).ToArray() is { Length: > 0 } parameters)
        {
            operation["parameters"] = new JsonArray(parameters);
        }

        if (binding.Body.Length > 0)
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Json(Body(binding)) };
        }

        operation["responses"] = new JsonObject(ErrorCatalogue.References.Prepend(new("200", Answer(method))));
        return operation;
    }

    private static string OperationId(HttpBinding binding)
    {
        var index = HttpBinding.Of(binding.Method).Index().First(one => one.Item.Path == binding.Path && one.Item.Verb == binding.Verb).Index;
        return $"{binding.Method.Service.Name}_{binding.Method.Name}{(index == 0 ? "" : $"_{index + 1}")}";
    }

    private IEnumerable<JsonNode> Parameters(HttpBinding binding)
    {
        foreach (var parameter in binding.PathParameters)
        {
            yield return new JsonObject
            {
                ["name"] = parameter.Name,
                ["in"] = "path",
                ["required"] = true,
                ["description"] = $"One segment of the field `{parameter.Field.Name}`, which reads `{parameter.Template}`. {Contract.Comment(parameter.Field)}",
                ["schema"] = new JsonObject { ["type"] = "string" },
            };
        }

        foreach (var field in binding.QueryFields)
        {
            if (field.FieldType is FieldType.Message)
            {
                throw new NotSupportedException($"{field.FullName} is a message in a query; whoever adds one writes it here.");
            }

            _inQuery.Add(field);
            var schema = _schemas.Field(field);
            schema.Remove("description");
            yield return new JsonObject { ["name"] = field.JsonName, ["in"] = "query", ["description"] = Contract.Comment(field), ["schema"] = schema };
        }
    }

    private JsonObject Body(HttpBinding binding)
    {
        var input = binding.Method.InputType;
        var message = binding.Body == "*" ? input : input.FindFieldByName(binding.Body).MessageType;
        if (binding.Body != "*" || binding.PathParameters.IsEmpty)
        {
            _roots.Add(message);
            return Schemas.Reference(message);
        }

        // What the path gives must not stand in the body, too.
        var name = message.FullName + ".Body";
        _bodies[name] = _schemas.Message(message, binding.IsInPath);
        _roots.AddRange(input.Fields.InDeclarationOrder().Where(field => field.FieldType is FieldType.Message).Select(field => field.MessageType));
        return new JsonObject { ["$ref"] = "#/components/schemas/" + name };
    }

    private JsonObject Answer(MethodDescriptor method)
    {
        if (method.OutputType.FullName == HttpBody)
        {
            return new JsonObject { ["description"] = "What the RPC makes, in the media type that its comment names.", ["content"] = new JsonObject { ["*/*"] = new JsonObject() } };
        }

        _roots.Add(method.OutputType);
        return new JsonObject { ["description"] = "The answer.", ["content"] = Json(Schemas.Reference(method.OutputType)) };
    }

    private static JsonObject Json(JsonObject schema) => new() { ["application/json"] = new JsonObject { ["schema"] = schema } };

    private JsonObject Components()
    {
        // The entry of a map is no message in JSON.
        var messages = ContractUse.Reach(_roots).Where(message => message.GetOptions()?.MapEntry is not true).ToList();
        var enums = messages.SelectMany(message => message.Fields.InDeclarationOrder()).Concat(MapValues()).Concat(_inQuery)
            .Where(field => field.FieldType is FieldType.Enum).Select(field => field.EnumType).DistinctBy(type => type.FullName);
        var all = messages.Select(message => KeyValuePair.Create<string, JsonNode?>(message.FullName, _schemas.Message(message)))
            .Concat(enums.Select(type => KeyValuePair.Create<string, JsonNode?>(type.FullName, _schemas.Enum(type))))
            .Concat(_bodies.ToList().Select(body => KeyValuePair.Create(body.Key, body.Value?.DeepClone())));
        return new JsonObject(all.OrderBy(entry => entry.Key, StringComparer.Ordinal));
    }

    private IEnumerable<FieldDescriptor> MapValues() =>
        ContractUse.Reach(_roots).Where(message => message.GetOptions()?.MapEntry is true).SelectMany(entry => entry.Fields.InDeclarationOrder());
}
