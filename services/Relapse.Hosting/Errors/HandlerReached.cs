using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Relapse.Hosting.Errors;

/// <summary>Marks that the bytes of a call were read and its handler was reached.</summary>
internal static class HandlerReached
{
    private static readonly object Key = new();

    public static void Mark(ServerCallContext context) => context.UserState[Key] = Key;

    public static bool By(HttpContext context) => context.Items.ContainsKey(Key);
}
