using Relapse.Assessment;
using Relapse.Hosting;

return await RelapseHost.RunAsync(args, builder => builder.AddAssessment(), app => app.MapAssessment());
