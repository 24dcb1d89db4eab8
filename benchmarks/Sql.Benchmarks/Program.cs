using BenchmarkDotNet.Running;
using CompileTimeRouting.Sql.Benchmarks;

if (args is ["--micro", .. var rest])
    BenchmarkSwitcher.FromAssembly(typeof(SqlScannerBenchmarks).Assembly).Run(rest);
else if (args.Length == 0)
    Throughput.Run();
else
{
    Console.Error.WriteLine("Usage: dotnet run -c Release --project benchmarks/Sql.Benchmarks [-- --micro [BenchmarkDotNet's options]]");
    return 2;
}

return 0;
