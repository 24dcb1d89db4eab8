using System.Globalization;
using BenchmarkDotNet.Running;
using CompileTimeRouting.Sql.Benchmarks;

switch (args)
{
    case []:
        Throughput.Run();
        return 0;
    case ["--micro", .. var rest]:
        BenchmarkSwitcher.FromAssembly(typeof(SqlScannerBenchmarks).Assembly).Run(rest);
        return 0;
    case ["--fuzz", var inputs, .. var seed]
        when long.TryParse(inputs, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && int.TryParse(seed is [var one] ? one : "1", NumberStyles.None, CultureInfo.InvariantCulture, out var number):
        return Fuzz.Run(count, number);
    default:
        Console.Error.WriteLine("Usage: dotnet run -c Release --project benchmarks/Sql.Benchmarks [-- --micro [BenchmarkDotNet's options] | --fuzz <inputs> [<seed>]]");
        return 2;
}
