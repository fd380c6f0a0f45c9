using Relapse.Hosting;
using Relapse.Outcomes;

return await RelapseHost.RunAsync(args, builder => builder.AddOutcome(), app => app.MapOutcome());
