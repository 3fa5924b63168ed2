; softmax_kernel
define internal i32 @softmax_kernel.body(ptr noalias captures(none) readonly align 4 %a0, ptr noalias captures(none) align 4 %a1, ptr %workspace, i32 %threads) #0 {
entry:
  %v1 = getelementptr i8, ptr %workspace, i64 640
  %v2 = getelementptr i8, ptr %workspace, i64 0
  %v3 = getelementptr i8, ptr %workspace, i64 640
  store <4 x float> splat (float 0xFFF0000000000000), ptr %v1, align 64
  br label %loop5
loop5:
  %i1.7 = phi i64 [ 0, %entry ], [ %v104, %loop5 ]
  %v8 = getelementptr float, ptr %v1, i64 %i1.7
  %v10 = mul nsw i64 %i1.7, 40
  %v11 = getelementptr float, ptr %a0, i64 %v10
  %v9 = load float, ptr %v8, align 4
  %v12 = load <16 x float>, ptr %v11, align 4
  %v13 = shufflevector <16 x float> %v12, <16 x float> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v14 = shufflevector <16 x float> %v12, <16 x float> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v15 = call <8 x float> @llvm.x86.avx.max.ps.256(<8 x float> %v13, <8 x float> %v14)
  %v16 = fcmp uno <8 x float> %v13, %v13
  %v17 = select <8 x i1> %v16, <8 x float> %v13, <8 x float> %v15
  %v18 = shufflevector <8 x float> %v17, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v19 = shufflevector <8 x float> %v17, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v20 = call <4 x float> @llvm.x86.sse.max.ps(<4 x float> %v18, <4 x float> %v19)
  %v21 = fcmp uno <4 x float> %v18, %v18
  %v22 = select <4 x i1> %v21, <4 x float> %v18, <4 x float> %v20
  %v23 = shufflevector <4 x float> %v22, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v24 = shufflevector <4 x float> %v22, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v25 = fcmp ogt <2 x float> %v23, %v24
  %v26 = select <2 x i1> %v25, <2 x float> %v23, <2 x float> %v24
  %v27 = fcmp uno <2 x float> %v23, %v23
  %v28 = select <2 x i1> %v27, <2 x float> %v23, <2 x float> %v26
  %v29 = extractelement <2 x float> %v28, i64 0
  %v30 = extractelement <2 x float> %v28, i64 1
  %v31 = fcmp ogt float %v29, %v30
  %v32 = select i1 %v31, float %v29, float %v30
  %v33 = fcmp uno float %v29, %v29
  %v34 = select i1 %v33, float %v29, float %v32
  %v35 = fcmp ogt float %v9, %v34
  %v36 = select i1 %v35, float %v9, float %v34
  %v37 = fcmp uno float %v9, %v9
  %v38 = select i1 %v37, float %v9, float %v36
  %v39 = getelementptr float, ptr %v11, i64 16
  %v40 = load <16 x float>, ptr %v39, align 4
  %v41 = shufflevector <16 x float> %v40, <16 x float> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v42 = shufflevector <16 x float> %v40, <16 x float> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v43 = call <8 x float> @llvm.x86.avx.max.ps.256(<8 x float> %v41, <8 x float> %v42)
  %v44 = fcmp uno <8 x float> %v41, %v41
  %v45 = select <8 x i1> %v44, <8 x float> %v41, <8 x float> %v43
  %v46 = shufflevector <8 x float> %v45, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v47 = shufflevector <8 x float> %v45, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v48 = call <4 x float> @llvm.x86.sse.max.ps(<4 x float> %v46, <4 x float> %v47)
  %v49 = fcmp uno <4 x float> %v46, %v46
  %v50 = select <4 x i1> %v49, <4 x float> %v46, <4 x float> %v48
  %v51 = shufflevector <4 x float> %v50, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v52 = shufflevector <4 x float> %v50, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v53 = fcmp ogt <2 x float> %v51, %v52
  %v54 = select <2 x i1> %v53, <2 x float> %v51, <2 x float> %v52
  %v55 = fcmp uno <2 x float> %v51, %v51
  %v56 = select <2 x i1> %v55, <2 x float> %v51, <2 x float> %v54
  %v57 = extractelement <2 x float> %v56, i64 0
  %v58 = extractelement <2 x float> %v56, i64 1
  %v59 = fcmp ogt float %v57, %v58
  %v60 = select i1 %v59, float %v57, float %v58
  %v61 = fcmp uno float %v57, %v57
  %v62 = select i1 %v61, float %v57, float %v60
  %v63 = fcmp ogt float %v38, %v62
  %v64 = select i1 %v63, float %v38, float %v62
  %v65 = fcmp uno float %v38, %v38
  %v66 = select i1 %v65, float %v38, float %v64
  %v67 = trunc i64 0 to i32
  %v68 = insertelement <16 x i32> poison, i32 %v67, i64 0
  %v69 = shufflevector <16 x i32> %v68, <16 x i32> poison, <16 x i32> zeroinitializer
  %v70 = add <16 x i32> %v69, <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v71 = trunc i64 8 to i32
  %v72 = insertelement <16 x i32> poison, i32 %v71, i64 0
  %v73 = shufflevector <16 x i32> %v72, <16 x i32> poison, <16 x i32> zeroinitializer
  %v74 = icmp slt <16 x i32> %v70, %v73
  %v75 = getelementptr float, ptr %v11, i64 32
  %v76 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v75, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v77 = select <16 x i1> %v74, <16 x float> %v76, <16 x float> splat (float 0xFFF0000000000000)
  %v78 = shufflevector <16 x float> %v77, <16 x float> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v79 = shufflevector <16 x float> %v77, <16 x float> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v80 = call <8 x float> @llvm.x86.avx.max.ps.256(<8 x float> %v78, <8 x float> %v79)
  %v81 = fcmp uno <8 x float> %v78, %v78
  %v82 = select <8 x i1> %v81, <8 x float> %v78, <8 x float> %v80
  %v83 = shufflevector <8 x float> %v82, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v84 = shufflevector <8 x float> %v82, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v85 = call <4 x float> @llvm.x86.sse.max.ps(<4 x float> %v83, <4 x float> %v84)
  %v86 = fcmp uno <4 x float> %v83, %v83
  %v87 = select <4 x i1> %v86, <4 x float> %v83, <4 x float> %v85
  %v88 = shufflevector <4 x float> %v87, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v89 = shufflevector <4 x float> %v87, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v90 = fcmp ogt <2 x float> %v88, %v89
  %v91 = select <2 x i1> %v90, <2 x float> %v88, <2 x float> %v89
  %v92 = fcmp uno <2 x float> %v88, %v88
  %v93 = select <2 x i1> %v92, <2 x float> %v88, <2 x float> %v91
  %v94 = extractelement <2 x float> %v93, i64 0
  %v95 = extractelement <2 x float> %v93, i64 1
  %v96 = fcmp ogt float %v94, %v95
  %v97 = select i1 %v96, float %v94, float %v95
  %v98 = fcmp uno float %v94, %v94
  %v99 = select i1 %v98, float %v94, float %v97
  %v100 = fcmp ogt float %v66, %v99
  %v101 = select i1 %v100, float %v66, float %v99
  %v102 = fcmp uno float %v66, %v66
  %v103 = select i1 %v102, float %v66, float %v101
  store float %v103, ptr %v8, align 4
  %v104 = add nsw i64 %i1.7, 1
  %v105 = icmp slt i64 %v104, 4
  br i1 %v105, label %loop5, label %end6
end6:
  br label %loop107
loop107:
  %i4.109 = phi i64 [ 0, %end6 ], [ %v169, %loop107 ]
  %v110 = mul nsw i64 %i4.109, 40
  %v111 = getelementptr float, ptr %a0, i64 %v110
  %v113 = getelementptr float, ptr %v1, i64 %i4.109
  %v130 = getelementptr float, ptr %v2, i64 %v110
  %v112 = load <16 x float>, ptr %v111, align 4
  %v114 = load float, ptr %v113, align 4
  %v115 = insertelement <16 x float> poison, float %v114, i64 0
  %v116 = shufflevector <16 x float> %v115, <16 x float> poison, <16 x i32> zeroinitializer
  %v117 = fsub <16 x float> %v112, %v116
  %v118 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v117, <16 x float> splat (float 0x3FF7154760000000), <16 x float> splat (float 0x4168000000000000))
  %v119 = fsub <16 x float> %v118, splat (float 0x4168000000000000)
  %v120 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v119, <16 x float> splat (float 0xBFE62E4000000000), <16 x float> %v117)
  %v121 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v119, <16 x float> splat (float 0xBEB7F7D1C0000000), <16 x float> %v120)
  %v122 = call <16 x float> @llvm.x86.avx512.mask.range.ps.512(<16 x float> %v121, <16 x float> splat (float 0x3FD8000000000000), i32 2, <16 x float> zeroinitializer, i16 -1, i32 4)
  %v123 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3F56DB48A0000000), <16 x float> %v122, <16 x float> splat (float 0x3F8123B920000000))
  %v124 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v123, <16 x float> %v122, <16 x float> splat (float 0x3FA55545E0000000))
  %v125 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v124, <16 x float> %v122, <16 x float> splat (float 0x3FC55548E0000000))
  %v126 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v125, <16 x float> %v122, <16 x float> splat (float 0x3FE0000000000000))
  %v127 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v126, <16 x float> %v122, <16 x float> splat (float 0x3FF0000000000000))
  %v128 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v127, <16 x float> %v122, <16 x float> splat (float 0x3FF0000000000000))
  %v129 = call <16 x float> @llvm.x86.avx512.mask.scalef.ps.512(<16 x float> %v128, <16 x float> %v119, <16 x float> zeroinitializer, i16 -1, i32 4)
  store <16 x float> %v129, ptr %v130, align 32
  %v131 = getelementptr float, ptr %v111, i64 16
  %v132 = load <16 x float>, ptr %v131, align 4
  %v133 = load float, ptr %v113, align 4
  %v134 = insertelement <16 x float> poison, float %v133, i64 0
  %v135 = shufflevector <16 x float> %v134, <16 x float> poison, <16 x i32> zeroinitializer
  %v136 = fsub <16 x float> %v132, %v135
  %v137 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v136, <16 x float> splat (float 0x3FF7154760000000), <16 x float> splat (float 0x4168000000000000))
  %v138 = fsub <16 x float> %v137, splat (float 0x4168000000000000)
  %v139 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v138, <16 x float> splat (float 0xBFE62E4000000000), <16 x float> %v136)
  %v140 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v138, <16 x float> splat (float 0xBEB7F7D1C0000000), <16 x float> %v139)
  %v141 = call <16 x float> @llvm.x86.avx512.mask.range.ps.512(<16 x float> %v140, <16 x float> splat (float 0x3FD8000000000000), i32 2, <16 x float> zeroinitializer, i16 -1, i32 4)
  %v142 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3F56DB48A0000000), <16 x float> %v141, <16 x float> splat (float 0x3F8123B920000000))
  %v143 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v142, <16 x float> %v141, <16 x float> splat (float 0x3FA55545E0000000))
  %v144 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v143, <16 x float> %v141, <16 x float> splat (float 0x3FC55548E0000000))
  %v145 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v144, <16 x float> %v141, <16 x float> splat (float 0x3FE0000000000000))
  %v146 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v145, <16 x float> %v141, <16 x float> splat (float 0x3FF0000000000000))
  %v147 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v146, <16 x float> %v141, <16 x float> splat (float 0x3FF0000000000000))
  %v148 = call <16 x float> @llvm.x86.avx512.mask.scalef.ps.512(<16 x float> %v147, <16 x float> %v138, <16 x float> zeroinitializer, i16 -1, i32 4)
  %v149 = getelementptr float, ptr %v130, i64 16
  store <16 x float> %v148, ptr %v149, align 32
  %v150 = getelementptr float, ptr %v111, i64 32
  %v151 = load <8 x float>, ptr %v150, align 4
  %v152 = load float, ptr %v113, align 4
  %v153 = insertelement <8 x float> poison, float %v152, i64 0
  %v154 = shufflevector <8 x float> %v153, <8 x float> poison, <8 x i32> zeroinitializer
  %v155 = fsub <8 x float> %v151, %v154
  %v156 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v155, <8 x float> splat (float 0x3FF7154760000000), <8 x float> splat (float 0x4168000000000000))
  %v157 = fsub <8 x float> %v156, splat (float 0x4168000000000000)
  %v158 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v157, <8 x float> splat (float 0xBFE62E4000000000), <8 x float> %v155)
  %v159 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v157, <8 x float> splat (float 0xBEB7F7D1C0000000), <8 x float> %v158)
  %v160 = call <8 x float> @llvm.x86.avx512.mask.range.ps.256(<8 x float> %v159, <8 x float> splat (float 0x3FD8000000000000), i32 2, <8 x float> zeroinitializer, i8 -1)
  %v161 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3F56DB48A0000000), <8 x float> %v160, <8 x float> splat (float 0x3F8123B920000000))
  %v162 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v161, <8 x float> %v160, <8 x float> splat (float 0x3FA55545E0000000))
  %v163 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v162, <8 x float> %v160, <8 x float> splat (float 0x3FC55548E0000000))
  %v164 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v163, <8 x float> %v160, <8 x float> splat (float 0x3FE0000000000000))
  %v165 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v164, <8 x float> %v160, <8 x float> splat (float 0x3FF0000000000000))
  %v166 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v165, <8 x float> %v160, <8 x float> splat (float 0x3FF0000000000000))
  %v167 = call <8 x float> @llvm.x86.avx512.mask.scalef.ps.256(<8 x float> %v166, <8 x float> %v157, <8 x float> zeroinitializer, i8 -1)
  %v168 = getelementptr float, ptr %v130, i64 32
  store <8 x float> %v167, ptr %v168, align 32
  %v169 = add nsw i64 %i4.109, 1
  %v170 = icmp slt i64 %v169, 4
  br i1 %v170, label %loop107, label %end108
end108:
  store <4 x float> splat (float 0x0000000000000000), ptr %v3, align 64
  br label %loop172
loop172:
  %i7.174 = phi i64 [ 0, %end108 ], [ %v232, %loop172 ]
  %v175 = getelementptr float, ptr %v3, i64 %i7.174
  %v177 = mul nsw i64 %i7.174, 40
  %v178 = getelementptr float, ptr %v2, i64 %v177
  %v176 = load float, ptr %v175, align 4
  %v179 = load <16 x float>, ptr %v178, align 32
  %v180 = shufflevector <16 x float> %v179, <16 x float> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v181 = shufflevector <16 x float> %v179, <16 x float> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v182 = fadd <8 x float> %v180, %v181
  %v183 = shufflevector <8 x float> %v182, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v184 = shufflevector <8 x float> %v182, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v185 = fadd <4 x float> %v183, %v184
  %v186 = shufflevector <4 x float> %v185, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v187 = shufflevector <4 x float> %v185, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v188 = fadd <2 x float> %v186, %v187
  %v189 = extractelement <2 x float> %v188, i64 0
  %v190 = extractelement <2 x float> %v188, i64 1
  %v191 = fadd float %v189, %v190
  %v192 = fadd float %v176, %v191
  %v193 = getelementptr float, ptr %v178, i64 16
  %v194 = load <16 x float>, ptr %v193, align 32
  %v195 = shufflevector <16 x float> %v194, <16 x float> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v196 = shufflevector <16 x float> %v194, <16 x float> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v197 = fadd <8 x float> %v195, %v196
  %v198 = shufflevector <8 x float> %v197, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v199 = shufflevector <8 x float> %v197, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v200 = fadd <4 x float> %v198, %v199
  %v201 = shufflevector <4 x float> %v200, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v202 = shufflevector <4 x float> %v200, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v203 = fadd <2 x float> %v201, %v202
  %v204 = extractelement <2 x float> %v203, i64 0
  %v205 = extractelement <2 x float> %v203, i64 1
  %v206 = fadd float %v204, %v205
  %v207 = fadd float %v192, %v206
  %v208 = trunc i64 0 to i32
  %v209 = insertelement <16 x i32> poison, i32 %v208, i64 0
  %v210 = shufflevector <16 x i32> %v209, <16 x i32> poison, <16 x i32> zeroinitializer
  %v211 = add <16 x i32> %v210, <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v212 = trunc i64 8 to i32
  %v213 = insertelement <16 x i32> poison, i32 %v212, i64 0
  %v214 = shufflevector <16 x i32> %v213, <16 x i32> poison, <16 x i32> zeroinitializer
  %v215 = icmp slt <16 x i32> %v211, %v214
  %v216 = getelementptr float, ptr %v178, i64 32
  %v217 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 32 %v216, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v218 = select <16 x i1> %v215, <16 x float> %v217, <16 x float> splat (float 0x8000000000000000)
  %v219 = shufflevector <16 x float> %v218, <16 x float> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v220 = shufflevector <16 x float> %v218, <16 x float> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v221 = fadd <8 x float> %v219, %v220
  %v222 = shufflevector <8 x float> %v221, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v223 = shufflevector <8 x float> %v221, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v224 = fadd <4 x float> %v222, %v223
  %v225 = shufflevector <4 x float> %v224, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v226 = shufflevector <4 x float> %v224, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v227 = fadd <2 x float> %v225, %v226
  %v228 = extractelement <2 x float> %v227, i64 0
  %v229 = extractelement <2 x float> %v227, i64 1
  %v230 = fadd float %v228, %v229
  %v231 = fadd float %v207, %v230
  store float %v231, ptr %v175, align 4
  %v232 = add nsw i64 %i7.174, 1
  %v233 = icmp slt i64 %v232, 4
  br i1 %v233, label %loop172, label %end173
end173:
  br label %loop235
loop235:
  %i10.237 = phi i64 [ 0, %end173 ], [ %v261, %loop235 ]
  %v238 = mul nsw i64 %i10.237, 40
  %v239 = getelementptr float, ptr %v2, i64 %v238
  %v241 = getelementptr float, ptr %v3, i64 %i10.237
  %v246 = getelementptr float, ptr %a1, i64 %v238
  %v240 = load <16 x float>, ptr %v239, align 32
  %v242 = load float, ptr %v241, align 4
  %v243 = insertelement <16 x float> poison, float %v242, i64 0
  %v244 = shufflevector <16 x float> %v243, <16 x float> poison, <16 x i32> zeroinitializer
  %v245 = fdiv <16 x float> %v240, %v244
  store <16 x float> %v245, ptr %v246, align 4
  %v247 = getelementptr float, ptr %v239, i64 16
  %v248 = load <16 x float>, ptr %v247, align 32
  %v249 = load float, ptr %v241, align 4
  %v250 = insertelement <16 x float> poison, float %v249, i64 0
  %v251 = shufflevector <16 x float> %v250, <16 x float> poison, <16 x i32> zeroinitializer
  %v252 = fdiv <16 x float> %v248, %v251
  %v253 = getelementptr float, ptr %v246, i64 16
  store <16 x float> %v252, ptr %v253, align 4
  %v254 = getelementptr float, ptr %v239, i64 32
  %v255 = load <8 x float>, ptr %v254, align 32
  %v256 = load float, ptr %v241, align 4
  %v257 = insertelement <8 x float> poison, float %v256, i64 0
  %v258 = shufflevector <8 x float> %v257, <8 x float> poison, <8 x i32> zeroinitializer
  %v259 = fdiv <8 x float> %v255, %v258
  %v260 = getelementptr float, ptr %v246, i64 32
  store <8 x float> %v259, ptr %v260, align 4
  %v261 = add nsw i64 %i10.237, 1
  %v262 = icmp slt i64 %v261, 4
  br i1 %v262, label %loop235, label %end236
end236:
  ret i32 0
}

define i32 @softmax_kernel(ptr %buffers, ptr %ints, ptr %workspace, i32 %threads) #0 {
entry:
  %v1 = getelementptr ptr, ptr %buffers, i64 0
  %v2 = load ptr, ptr %v1, align 8
  %v3 = getelementptr ptr, ptr %buffers, i64 1
  %v4 = load ptr, ptr %v3, align 8
  %v5 = call i32 @softmax_kernel.body(ptr %v2, ptr %v4, ptr %workspace, i32 %threads)
  ret i32 %v5
}

declare <8 x float> @llvm.x86.avx.max.ps.256(<8 x float>, <8 x float>)
declare <4 x float> @llvm.x86.sse.max.ps(<4 x float>, <4 x float>)
declare <16 x float> @llvm.masked.load.v16f32.p0(ptr, <16 x i1>, <16 x float>)
declare <16 x float> @llvm.fma.v16f32(<16 x float>, <16 x float>, <16 x float>)
declare <16 x float> @llvm.x86.avx512.mask.range.ps.512(<16 x float>, <16 x float>, i32, <16 x float>, i16, i32)
declare <16 x float> @llvm.x86.avx512.mask.scalef.ps.512(<16 x float>, <16 x float>, <16 x float>, i16, i32)
declare <8 x float> @llvm.fma.v8f32(<8 x float>, <8 x float>, <8 x float>)
declare <8 x float> @llvm.x86.avx512.mask.range.ps.256(<8 x float>, <8 x float>, i32, <8 x float>, i8)
declare <8 x float> @llvm.x86.avx512.mask.scalef.ps.256(<8 x float>, <8 x float>, <8 x float>, i8)

attributes #0 = { nounwind mustprogress "prefer-vector-width"="512" "min-legal-vector-width"="512" }

