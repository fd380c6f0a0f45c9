using Relapse.Edge;
using Relapse.Gateway;

try
{
    await GatewayModule.Build(args).RunAsync();
    return 0;
}
catch (SettingsRefusedException refused)
{
    await Console.Error.WriteLineAsync(refused.Message);
    return 2;
}
