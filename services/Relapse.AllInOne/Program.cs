using Relapse.AllInOne;
using Relapse.Hosting;

var app = RelapseHost.CreateBuilder(args).AddEverything().Build();
app.UseRelapse().MapEverything();
await app.RunAsync();
