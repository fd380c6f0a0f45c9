using Relapse.Classification;
using Relapse.Hosting;

var app = RelapseHost.CreateBuilder(args).AddClassification().Build();
app.UseRelapse().MapClassification();
await app.RunAsync();
