using Relapse.Hosting;
using Relapse.Transplant;

return await RelapseHost.RunAsync(args, builder => builder.AddTransplant(), app => app.MapTransplant());
