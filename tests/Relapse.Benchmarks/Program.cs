using BenchmarkDotNet.Running;
using Relapse.Benchmarks;

// `rows FILE` measures what stands in the table of ./relapse bench; anything else is for BenchmarkDotNet.
if (args is ["rows", var file])
{
    return KernelRows.Add(file);
}

BenchmarkSwitcher.FromAssembly(typeof(KernelRows).Assembly).Run(args);
return 0;
