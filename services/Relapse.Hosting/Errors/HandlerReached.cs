using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Relapse.Hosting.Errors;

/// <summary>Marks that the bytes of a call were read and its handler was reached.</summary>
internal sealed class HandlerReached
{
    private static readonly HandlerReached Reached = new();

    // A feature, not an item: the list of features is there in any case, and a dictionary of items would be made for each call.
    public static void Mark(ServerCallContext context) => context.GetHttpContext().Features.Set(Reached);

    public static bool By(HttpContext context) => context.Features.Get<HandlerReached>() is not null;
}
