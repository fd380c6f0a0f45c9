using Relapse.Hosting;
using Relapse.Registry;

var app = RelapseHost.CreateBuilder(args).AddRegistry().Build();
app.UseRelapse().MapRegistry();
await app.RunAsync();
