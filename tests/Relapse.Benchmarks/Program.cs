using BenchmarkDotNet.Running;
using Relapse.Benchmarks;

// `rows FILE` and `registry FILE` measure what stands in the tables of ./relapse bench; anything else is for BenchmarkDotNet.
switch (args)
{
    case ["rows", var kernel]:
        return KernelRows.Add(kernel);
    case ["registry", var registry]:
        return RegistryRows.Add(registry);
}

BenchmarkSwitcher.FromAssembly(typeof(KernelRows).Assembly).Run(args);
return 0;
