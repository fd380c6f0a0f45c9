using Relapse.AllInOne;
using Relapse.Hosting;

return await RelapseHost.RunAsync(args, builder => builder.AddEverything(), app => app.MapEverything());
