using CompileTimeRouting.Tool;
using CompileTimeRouting.Tool.Commands;

return await CommandLine.RunAsync(args, new SqlCommand(), new CatalogCommand(), new ValidateCommand());
