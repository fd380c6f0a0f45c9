using Relapse.Hosting;
using Relapse.Registry;

return await RelapseHost.RunAsync(args, builder => builder.AddRegistry(), app => app.MapRegistry());
