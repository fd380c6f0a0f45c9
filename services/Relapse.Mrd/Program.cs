using Relapse.Hosting;
using Relapse.Mrd;

return await RelapseHost.RunAsync(args, builder => builder.AddMrd(), app => app.MapMrd());
