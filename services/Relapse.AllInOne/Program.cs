using Relapse.AllInOne;

var app = Everything.Build(args);
await app.RunAsync();
