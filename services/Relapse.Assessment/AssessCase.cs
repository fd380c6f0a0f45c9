using Grpc.Core;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Hosting.Errors;

namespace Relapse.Assessment;

internal sealed partial class AssessmentRpcs
{
    /// <summary>Where does this case stand, what comes next, and what is missing? Every service is asked at once, under the same versions.</summary>
    public override async Task<AssessCaseResponse> AssessCase(AssessCaseRequest request, ServerCallContext context)
    {
        var faults = new FaultList();
        var call = new AssessmentCall(protocols.CatalogFor(request.Replay), request, faults);
        var options = request.Publish ? lines.ForBefore(context) : lines.For(context);
        var caller = context.CancellationToken;
        var response = Ask(Part.Response, () => AskedPart<AssessResponseResponse>.OfAsync(() => lines.Mrd.AssessResponseAsync(call.Response, options), caller));
        var outcome = Ask(Part.Outcome, () => AskedPart<EstimateOutcomeResponse>.OfAsync(() => lines.Outcome.EstimateOutcomeAsync(call.Outcome, options), caller));
        if (request.Publish)
        {
            // Nothing is published of a request that these two find a fault in, nor where one of those that publish could not.
            var check = faults.HasAny ? Task.CompletedTask : EventCheck.AddFaultsAsync(lines, call.Parts, options, faults);
            var first = new AssessedParts(null, null, await response, null, await outcome);
            first.AddFaults(faults);
            await check;
            faults.ThrowIfAny();
            first.ThrowIfRefused();
            options = lines.For(context);
        }

        var classification = Ask(Part.Classification, () => AskedPart<ClassifyRelapseResponse>.OfAsync(() => lines.Classification.ClassifyRelapseAsync(call.Classification, options), caller));
        var mrd = Ask(Part.Mrd, () => AskedPart<InterpretMrdResponse>.OfAsync(() => lines.Mrd.InterpretMrdAsync(call.Mrd, options), caller));
        var eligibility = Ask(Part.Eligibility, () => AskedPart<AssessEligibilityResponse>.OfAsync(() => lines.Transplant.AssessEligibilityAsync(call.Eligibility, options), caller));
        var parts = new AssessedParts(await classification, await mrd, await response, await eligibility, await outcome);
        parts.AddFaults(faults);
        faults.ThrowIfAny();
        parts.ThrowIfRefused();
        parts.ThrowIfNoneCame(call.Parts.Length, request.Publish);
        // The receipt covers the request without the id that keys it, and without what becomes of the answer; nothing after this line needs them.
        (request.RequestId, request.Publish) = ("", false);
        return AssessedCase.Write(call, request, parts);

        // Where the request is at fault already, a service is asked for the faults that it alone can find, and for nothing else.
        Task<AskedPart<T>?> Ask<T>(Part part, Func<Task<AskedPart<T>>> ask)
            where T : class =>
            call.Parts.Contains(part) && (!faults.HasAny || part is Part.Response or Part.Outcome) ? Begin(ask) : Task.FromResult<AskedPart<T>?>(null);
    }

    private static async Task<AskedPart<T>?> Begin<T>(Func<Task<AskedPart<T>>> ask)
        where T : class => await ask();
}
