using Microsoft.AspNetCore.Http;
using Relapse.Edge;
using Relapse.Hosting.Errors;

namespace Relapse.Hosting.Json;

/// <summary>The response body of a JSON call: open once the RPC's handler was reached, and until then it takes what is written and drops it.</summary>
internal sealed class HandlerGate(HttpContext context, Stream answer) : AnswerStream
{
    /// <summary>Whether anything was dropped.</summary>
    public bool IsShut { get; private set; }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        Passes() ? answer.WriteAsync(buffer, cancellationToken) : ValueTask.CompletedTask;

    public override Task FlushAsync(CancellationToken cancellationToken) => HandlerReached.By(context) ? answer.FlushAsync(cancellationToken) : Task.CompletedTask;

    private bool Passes()
    {
        var open = HandlerReached.By(context);
        IsShut |= !open;
        return open;
    }
}
