using Relapse.Classification;
using Relapse.Hosting;

return await RelapseHost.RunAsync(args, builder => builder.AddClassification(), app => app.MapClassification());
