using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Relapse.Hosting.OpenApi;
using FieldType = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Relapse.Tests.Hosting.OpenApi;

/// <summary>The mapping itself, on a contract made up for it: what the shipped one has not yet must not surprise whoever adds it.</summary>
public sealed class ProtoToJsonSchemaTests
{
    private static readonly JsonNode Document = JsonNode.Parse(OpenApiDocument.Write(MadeUp(), MadeUp().Services))!;

    private static JsonNode Schemas => Document["components"]!["schemas"]!;

    private static JsonNode Properties => Schemas["relapse.made.v1.MoveRequest.Body"]!["properties"]!;

    [Theory]
    [InlineData("bytesField", """{"type":"string","contentEncoding":"base64"}""")]
    [InlineData("int64Field", """{"type":"string","format":"int64","pattern":"^-?[0-9]+$"}""")]
    [InlineData("uint64Field", """{"type":"string","format":"uint64","pattern":"^[0-9]+$"}""")]
    [InlineData("uint32Field", """{"type":"integer","format":"int64","minimum":0,"maximum":4294967295}""")]
    [InlineData("int32Field", """{"type":"integer","format":"int32"}""")]
    [InlineData("boolField", """{"type":"boolean"}""")]
    [InlineData("doubleField", """{"type":"number","format":"double"}""")]
    [InlineData("listField", """{"type":"array","items":{"type":"string"}}""")]
    [InlineData("oldField", """{"type":"string","deprecated":true}""")]
    [InlineData("kind", """{"$ref":"#/components/schemas/relapse.made.v1.Kind"}""")]
    [InlineData("neededKind", """{"$ref":"#/components/schemas/relapse.made.v1.Kind","not":{"const":"KIND_UNSPECIFIED"}}""")]
    public void A_field_has_the_schema_of_its_canonical_json(string name, string schema) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(schema), Properties[name]), Properties[name]?.ToJsonString());

    [Fact]
    public void A_body_has_what_the_path_does_not_give_and_takes_no_other_key()
    {
        Assert.Null(Properties["name"]);
        Assert.Equal("""["neededKind"]""", Schemas["relapse.made.v1.MoveRequest.Body"]!["required"]!.ToJsonString());
        Assert.False(Schemas["relapse.made.v1.MoveRequest.Body"]!["additionalProperties"]!.GetValue<bool>());
        Assert.Null(Schemas["relapse.made.v1.Answer"]!["additionalProperties"]);
    }

    [Fact]
    public void Of_a_choice_no_two_are_given() => Assert.Equal(
        """{"anyOf":[{"required":["one","two"]},{"required":["one","three"]},{"required":["two","three"]}]}""",
        Schemas["relapse.made.v1.Answer"]!["not"]!.ToJsonString());

    [Fact]
    public void Every_binding_of_an_rpc_is_an_operation()
    {
        Assert.Equal("MadeService_Move", Operation("/v1/made/things/{thing}/labels/{label}:move", "post")["operationId"]!.GetValue<string>());
        Assert.Equal("MadeService_Move_2", Operation("/v1/made/moves/{name}", "put")["operationId"]!.GetValue<string>());
        Assert.Equal(["thing", "label"], Operation("/v1/made/things/{thing}/labels/{label}:move", "post")["parameters"]!.AsArray().Select(parameter => parameter!["name"]!.GetValue<string>()));
    }

    [Fact]
    public void What_is_neither_in_the_path_nor_the_body_is_in_the_query()
    {
        var parameters = Operation("/v1/made/pictures", "get")["parameters"]!.AsArray();
        Assert.Equal("""{"name":"pageSize","in":"query","description":"","schema":{"type":"integer","format":"int32"}}""", parameters.Single()!.ToJsonString());
    }

    [Fact]
    public void An_http_body_is_of_any_media_type() =>
        Assert.Equal("""{"*/*":{}}""", Operation("/v1/made/pictures", "get")["responses"]!["200"]!["content"]!.ToJsonString());

    [Fact]
    public void An_error_is_a_status_whose_details_are_told_apart_by_their_type()
    {
        Assert.Equal(
            "#/components/schemas/google.rpc.Status",
            Document["components"]!["responses"]!["Error400"]!["content"]!["application/json"]!["schema"]!["$ref"]!.GetValue<string>());
        Assert.Contains("type.googleapis.com/google.rpc.BadRequest", Schemas["google.protobuf.Any"]!.ToJsonString(), StringComparison.Ordinal);
    }

    private static JsonNode Operation(string path, string verb) => Document["paths"]![path]![verb]!;

    private static Contract MadeUp()
    {
        var set = new FileDescriptorSet();
        set.File.AddRange(new[]
        {
            DescriptorReflection.Descriptor, AnyReflection.Descriptor, DurationReflection.Descriptor, Google.Api.HttpReflection.Descriptor, AnnotationsReflection.Descriptor,
            FieldBehaviorReflection.Descriptor, HttpbodyReflection.Descriptor, StatusReflection.Descriptor, ErrorDetailsReflection.Descriptor,
        }.Select(file => FileDescriptorProto.Parser.ParseFrom(file.SerializedData)));
        set.File.Add(MadeUpFile());
        return Contract.Read(set);
    }

    private static FileDescriptorProto MadeUpFile() => new()
    {
        Name = "relapse/made/v1/made.proto", Package = "relapse.made.v1", Syntax = "proto3",
        Dependency = { "google/api/annotations.proto", "google/api/field_behavior.proto", "google/api/httpbody.proto" },
        EnumType = { new EnumDescriptorProto { Name = "Kind", Value = { new EnumValueDescriptorProto { Name = "KIND_UNSPECIFIED", Number = 0 }, new EnumValueDescriptorProto { Name = "KIND_ONE", Number = 1 } } } },
        MessageType = { MoveRequest(), Answer(), new DescriptorProto { Name = "PictureRequest", Field = { Field("page_size", 1, FieldType.Int32) } } },
        Service =
        {
            new ServiceDescriptorProto
            {
                Name = "MadeService",
                Method =
                {
                    Rpc("Move", "MoveRequest", ".relapse.made.v1.Answer", new HttpRule
                    {
                        Post = "/v1/made/{name=things/*/labels/*}:move", Body = "*", AdditionalBindings = { new HttpRule { Put = "/v1/made/moves/{name}", Body = "*" } },
                    }),
                    Rpc("Draw", "PictureRequest", ".google.api.HttpBody", new HttpRule { Get = "/v1/made/pictures" }),
                },
            },
        },
    };

    private static DescriptorProto MoveRequest()
    {
        var needed = Kind("needed_kind", 11);
        needed.Options = new FieldOptions();
        needed.Options.GetOrInitializeExtension(FieldBehaviorExtensions.FieldBehavior).Add(FieldBehavior.Required);
        var list = Field("list_field", 8, FieldType.String);
        list.Label = FieldDescriptorProto.Types.Label.Repeated;
        var old = Field("old_field", 9, FieldType.String);
        old.Options = new FieldOptions { Deprecated = true };
        return new DescriptorProto
        {
            Name = "MoveRequest",
            Field =
            {
                Field("name", 1, FieldType.String), Field("bytes_field", 2, FieldType.Bytes), Field("int64_field", 3, FieldType.Int64), Field("uint64_field", 4, FieldType.Uint64),
                Field("uint32_field", 5, FieldType.Uint32), Field("int32_field", 6, FieldType.Int32), Field("bool_field", 7, FieldType.Bool), list, old, Kind("kind", 10), needed,
                Field("double_field", 12, FieldType.Double),
            },
        };
    }

    private static DescriptorProto Answer()
    {
        var answer = new DescriptorProto { Name = "Answer", OneofDecl = { new OneofDescriptorProto { Name = "choice" } } };
        answer.Field.AddRange([Choice("one", 1), Choice("two", 2), Choice("three", 3)]);
        return answer;
    }

    private static FieldDescriptorProto Choice(string name, int number)
    {
        var field = Field(name, number, FieldType.String);
        field.OneofIndex = 0;
        return field;
    }

    private static MethodDescriptorProto Rpc(string name, string input, string output, HttpRule rule)
    {
        var options = new MethodOptions();
        options.SetExtension(AnnotationsExtensions.Http, rule);
        return new MethodDescriptorProto { Name = name, InputType = ".relapse.made.v1." + input, OutputType = output, Options = options };
    }

    private static FieldDescriptorProto Kind(string name, int number)
    {
        var field = Field(name, number, FieldType.Enum);
        field.TypeName = ".relapse.made.v1.Kind";
        return field;
    }

    private static FieldDescriptorProto Field(string name, int number, FieldType type) =>
        new() { Name = name, Number = number, Type = type, Label = FieldDescriptorProto.Types.Label.Optional };
}
