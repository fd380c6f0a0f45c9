using Relapse.Dashboard;

await DashboardApp.Build(args).RunAsync();
